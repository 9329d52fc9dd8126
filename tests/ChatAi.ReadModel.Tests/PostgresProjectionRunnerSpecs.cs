using Akka.Actor;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Serialization;
using ChatAi.Shared.Sharding;
using Npgsql;

namespace ChatAi.ReadModel.Tests;

/// <summary>Several slices, journal and read tables in one database, as the service has them.</summary>
public sealed class PostgresProjectionRunnerSpecs(PostgresFixture postgres)
    : ProjectionRunnerSpec,
        IClassFixture<PostgresFixture>
{
    private const int Slices = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private string _connectionString = "";

    protected override void SkipUnlessAvailable() =>
        Skip.If(postgres.Cluster is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");

    protected override async Task<(JournalHost, ReadDatabase)?> StartAsync()
    {
        if (postgres.Cluster is null)
            return null;
        _connectionString = PostgresConnections.WithDefaults(await postgres.Cluster.CreateDatabaseAsync());
        return (await JournalHost.StartOnPostgresAsync(_connectionString), Open(Slices));
    }

    [SkippableFact]
    public async Task Should_take_each_event_once_where_slices_have_two_owners()
    {
        SkipUnlessAvailable();
        await using var elsewhere = Open(Slices);
        Host.StartProjection(Database);
        Host.StartProjection(elsewhere);
        var chats = await TalkAsync(rounds: 6);
        foreach (var chat in chats)
            await CaughtUpAsync(chat);
        await AssertSameAsDirectProjectionAsync();
    }

    [SkippableFact]
    public async Task Should_apply_nothing_when_the_offset_is_not_where_the_owner_left_it()
    {
        SkipUnlessAvailable();
        await TalkAsync(rounds: 1);
        var slice = new Slice(1, Slices);
        var batch = World.Journal.Where(e => slice.Has(e.PersistenceId)).ToList();
        var end = World.Journal[^1].Ordering;
        await using var owner = Writer(slice);
        await using var other = Writer(slice);
        await owner.ApplyAsync(batch, new OffsetMove(0, end), default);
        var rows = await Database.DumpAsync();

        await Assert.ThrowsAsync<SliceTakenException>(() =>
            other.ApplyAsync(batch, new OffsetMove(0, end + 1), default)
        );

        Assert.Equal(rows, await Database.DumpAsync());
        Assert.Equal(end, await other.PositionAsync(default));
    }

    [SkippableFact]
    public async Task Should_go_on_where_the_single_offset_of_a_version_before_stood()
    {
        SkipUnlessAvailable();
        await using var before = Open(1);
        var runner = Host.StartProjection(before);
        var early = await TalkAsync(rounds: 2);
        foreach (var chat in early)
            await CaughtUpAsync(chat, before);
        await runner.GracefulStop(Patience);
        await using var writerBefore = Writer(Slice.Whole, before);
        var position = await writerBefore.PositionAsync(default);

        await using var after = Open(Slices);
        Assert.Equal(position, await Writer(new Slice(Slices - 1, Slices), after).PositionAsync(default));
        // A node that still runs the version before finds nothing to lock.
        await Assert.ThrowsAsync<SliceTakenException>(() => writerBefore.PositionAsync(default));

        Host.StartProjection(after);
        foreach (var chat in await TalkAsync(rounds: 2))
            await CaughtUpAsync(chat);
        await AssertSameAsDirectProjectionAsync();
    }

    [SkippableFact]
    public async Task Should_wait_for_a_late_commit_and_not_for_a_number_that_cannot_come()
    {
        SkipUnlessAvailable();
        Host.StartProjection(Database);
        var chats = await TalkAsync(rounds: 1);
        await CaughtUpAsync(chats[0]);

        // A writer that takes a number and is slow to commit; the next of its chat waits with it, everything later too.
        var ann = World.Chats[chats[0]].Members.Keys.First();
        World.Send(chats[0], ann, "late");
        var late = World.Journal[^1];
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await InsertAsync(connection, late);
            Host.Skip(1);
            World.Send(chats[1], ann, "after it");
            await Host.FeedAsync(World);
            await Assert.ThrowsAsync<TimeoutException>(() =>
                CaughtUpAsync(chats[1]).WaitAsync(TimeSpan.FromSeconds(1))
            );
            await transaction.CommitAsync();
        }
        await CaughtUpAsync(chats[0]);
        await CaughtUpAsync(chats[1]);

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await InsertAsync(connection, late with { SequenceNr = 1_000_000 });
            await transaction.RollbackAsync();
        }
        World.Send(chats[1], ann, "beyond the gap");
        await Host.FeedAsync(World);
        // The readers' patience is a third of what a gap would be waited for by time alone.
        await CaughtUpAsync(chats[1]);
        await AssertSameAsDirectProjectionAsync();
    }

    private ReadDatabase Open(int slices) =>
        new(ReadStoreOptions.Postgres(_connectionString, slices), () => ValueTask.CompletedTask);

    private ProjectionWriter Writer(Slice slice, ReadDatabase? database = null) =>
        new((database ?? Database).Store, Host.Journal.OfEntityAsync, slice);

    /// <summary>People and chats in every slice, as long as chance is not absurd.</summary>
    private async Task<IReadOnlyList<ChatId>> TalkAsync(int rounds)
    {
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        var chats = Enumerable.Range(0, 12).Select(_ => World.NewGroup(ann, bob)).ToList();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var chat in chats)
                for (var i = 0; i < 3; i++)
                    World.Send(chat, i == 1 ? bob : ann, $"{round}-{i}");
            await Host.FeedAsync(World);
        }
        return chats;
    }

    private static async Task InsertAsync(NpgsqlConnection connection, JournalEntry entry)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES (0, FALSE, $1, $2, $3, $4, $5, 'late')
            """;
        foreach (
            var value in new object[]
            {
                entry.PersistenceId,
                entry.SequenceNr,
                JournalCodec.Current.ToBytes(entry.Event),
                JournalCodec.Current.ManifestOf(entry.Event),
                JournalSerializer.Id,
            }
        )
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
