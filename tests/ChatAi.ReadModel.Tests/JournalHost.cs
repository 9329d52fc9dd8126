using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatAi.ReadModel.Tests;

/// <summary>An actor system with the service's own journal settings, to write a world's events into.</summary>
public sealed class JournalHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Dictionary<string, IActorRef> _writers = [];
    private int _fed;

    private JournalHost(IHost host, JournalReader journal)
    {
        _host = host;
        System = host.Services.GetRequiredService<ActorSystem>();
        Journal = journal;
    }

    public ActorSystem System { get; }
    public JournalReader Journal { get; }

    public static Task<JournalHost> StartAsync(string folder) =>
        StartAsync(
            new ChatAiOptions { DataDir = folder },
            null,
            new JournalReader(ReadDialect.Sqlite, JournalHosting.SqliteConnectionString(folder))
        );

    public static Task<JournalHost> StartOnPostgresAsync(string connectionString) =>
        StartAsync(
            new ChatAiOptions { Database = "postgres" },
            connectionString,
            new JournalReader(ReadDialect.Postgres, connectionString)
        );

    private static async Task<JournalHost> StartAsync(
        ChatAiOptions options,
        string? connectionString,
        JournalReader journal
    )
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka(
            "journal",
            (akka, _) =>
                akka.AddHocon(ClusterHosting.ReadCommonHocon(), HoconAddMode.Prepend)
                    .AddHocon("akka.coordinated-shutdown.exit-clr = off", HoconAddMode.Prepend)
                    .WithJournal(options, connectionString)
        );
        var host = builder.Build();
        await host.StartAsync();
        return new JournalHost(host, journal);
    }

    /// <summary>Writes what the world has and the journal has not; done when the journal has it.</summary>
    public async Task FeedAsync(World world)
    {
        foreach (var entries in world.Journal.Skip(_fed).GroupBy(e => e.PersistenceId))
        {
            if (!_writers.TryGetValue(entries.Key, out var writer))
                _writers[entries.Key] = writer = System.ActorOf(Props.Create(() => new Writer(entries.Key)));
            await writer.Ask<Status.Success>(entries.Select(e => e.Event).ToArray(), TimeSpan.FromSeconds(30));
        }
        _fed = world.Journal.Count;
    }

    /// <summary>These come into the journal in another way.</summary>
    public void Skip(int events) => _fed += events;

    /// <summary>All slices of the projection, each a child of what is returned.</summary>
    public IActorRef StartProjection(ReadDatabase database) =>
        System.ActorOf(
            Props.Create(() =>
                new Slices(
                    new ProjectionDependencies(
                        database.Store,
                        Journal,
                        new JournalTail(Journal, TimeProvider.System),
                        database.Progress,
                        TimeProvider.System
                    )
                )
            )
        );

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Slices : ReceiveActor
    {
        public Slices(ProjectionDependencies with)
        {
            foreach (var slice in Slice.All(with.Store.Options.Slices))
                Context.ActorOf(ProjectionRunner.Props(with, slice));
        }
    }

    private sealed class Writer : ReceivePersistentActor
    {
        public Writer(string id)
        {
            PersistenceId = id;
            Recover<object>(_ => { });
            Command<object[]>(events =>
            {
                var left = events.Length;
                var asker = Sender;
                PersistAll(
                    events,
                    _ =>
                    {
                        if (--left == 0)
                            asker.Tell(new Status.Success(null));
                    }
                );
            });
        }

        public override string PersistenceId { get; }
    }
}
