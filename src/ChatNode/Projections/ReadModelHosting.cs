using Akka.Cluster.Hosting;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.ChatNode.Redaction;

namespace ChatAi.ChatNode.Projections;

/// <summary>The read tables: <c>read.db</c> in the data folder, or the database of the journal on PostgreSQL.</summary>
public static class ReadModelHosting
{
    public const string SqliteFile = "read.db";

    /// <summary>A slice whose node died is missed for at most this long after its shard has a new home.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(1);

    /// <summary>The reader for everyone, and what the projection needs.</summary>
    public static IServiceCollection AddReadModel(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        services.AddSingleton(_ => new ReadStore(StoreOptions(options, connectionString)));
        services.AddSingleton(_ => Journal(options, connectionString));
        services.AddSingleton(provider => new RedactionStore(
            provider.GetRequiredService<JournalReader>().Dialect,
            provider.GetRequiredService<JournalReader>().ConnectionString
        ));
        services.AddSingleton<JournalRedaction>();
        services.AddSingleton<JournalTail>();
        services.AddSingleton<ProjectionProgress>();
        services.AddSingleton<ProjectionDependencies>();
        services.AddSingleton<IChatReader, SqlChatReader>();
        services.AddSingleton<IMessageSearch, MessageSearch>();
        services.AddHostedService<ProjectionReadiness>();
        services.AddHealthChecks().AddCheck<ReadTablesCaughtUp>("read tables");
        return services;
    }

    /// <summary>
    /// The projection, as sharded daemons of the nodes with the role <c>chat</c>; only those may call this.
    /// </summary>
    public static AkkaConfigurationBuilder WithProjections(this AkkaConfigurationBuilder akka, ChatAiOptions options)
    {
        var slices = SlicesOf(options);
        return akka.WithShardedDaemonProcess<ProjectionRunner>(
            "projection",
            slices,
            (_, _, services) =>
            {
                var with = services.GetService<ProjectionDependencies>();
                return index => ProjectionRunner.Props(with, new Slice(index, slices));
            },
            new ClusterDaemonOptions { Role = EntityHosting.Role, KeepAliveInterval = KeepAlive }
        );
    }

    /// <summary>The command <c>ChatNode rebuild</c>: drops the read tables and makes them anew from the journal.</summary>
    public static async Task<long> RebuildAsync(
        ChatAiOptions options,
        string? connectionString,
        IProgress<long>? progress,
        CancellationToken cancel
    )
    {
        using var store = new ReadStore(StoreOptions(options, connectionString));
        return await ProjectionRebuild.RunAsync(store, Journal(options, connectionString), progress, cancel);
    }

    private static int SlicesOf(ChatAiOptions options) =>
        options.Database == "postgres" ? options.Projection.Slices : 1;

    private static ReadStoreOptions StoreOptions(ChatAiOptions options, string? connectionString) =>
        options.Database == "postgres"
            ? ReadStoreOptions.Postgres(PostgresConnections.WithDefaults(connectionString!), SlicesOf(options))
            : ReadStoreOptions.Sqlite(Path.Combine(options.DataDir, SqliteFile));

    private static JournalReader Journal(ChatAiOptions options, string? connectionString) =>
        options.Database == "postgres"
            ? new JournalReader(ReadDialect.Postgres, PostgresConnections.WithDefaults(connectionString!))
            : new JournalReader(ReadDialect.Sqlite, JournalHosting.SqliteConnectionString(options.DataDir));
}
