using Akka.Actor;
using Akka.Persistence;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ReadModel.Tests.Journal;

/// <summary>An entity that moves between nodes, each with a journal plugin of its own over one database.</summary>
public sealed class MovedEntitySpecs(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DateTimeOffset At = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    [SkippableFact]
    public async Task Should_recover_all_it_wrote_when_it_comes_back_to_a_node()
    {
        Skip.If(postgres.Cluster is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");
        var database = await postgres.Cluster.CreateDatabaseAsync();
        await using var a = await JournalHost.StartOnPostgresAsync(database);
        await using var b = await JournalHost.StartOnPostgresAsync(database);

        foreach (var (node, round) in new[] { (a, 1), (b, 2), (a, 3), (b, 4) })
        {
            var entity = node.System.ActorOf(Props.Create(() => new Entity("user-that-moves")));
            Assert.Equal((round - 1) * 3, await entity.Ask<int>("count", Patience));
            for (var i = 0; i < 3; i++)
                await entity.Ask<int>(new UserEvents.WentOffline(At), Patience);
            await entity.GracefulStop(Patience);
        }
    }

    private sealed class Entity : ReceivePersistentActor
    {
        private int _count;

        public Entity(string id)
        {
            PersistenceId = id;
            Recover<UserEvents.WentOffline>(_ => _count++);
            Command<UserEvents.WentOffline>(e =>
            {
                var asker = Sender;
                Persist(e, _ => asker.Tell(++_count));
            });
            Command<string>(_ => Sender.Tell(_count));
        }

        public override string PersistenceId { get; }
    }
}
