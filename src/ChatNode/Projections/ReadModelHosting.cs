using Akka.Cluster.Hosting;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Projections;

/// <summary>The read tables: <c>read.db</c> in the data folder, or the database of the journal on PostgreSQL.</summary>
public static class ReadModelHosting
{
    public const string SqliteFile = "read.db";

    /// <summary>The reader for everyone, and what the projection needs.</summary>
    public static IServiceCollection AddReadModel(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        services.AddSingleton(_ => new ReadStore(StoreOptions(options, connectionString)));
        services.AddSingleton(_ => Journal(options, connectionString));
        services.AddSingleton<ProjectionProgress>();
        services.AddSingleton<IChatReader, SqlChatReader>();
        services.AddHostedService<ProjectionReadiness>();
        services.AddHealthChecks().AddCheck<ReadTablesCaughtUp>("read tables");
        return services;
    }

    /// <summary>The projection, as a singleton of the nodes with the role <c>chat</c>; only those may call this.</summary>
    public static AkkaConfigurationBuilder WithProjections(this AkkaConfigurationBuilder akka) =>
        akka.WithSingleton<ProjectionRunner>(
            "projection",
            (_, _, services) =>
                ProjectionRunner.Props(
                    services.GetService<ReadStore>(),
                    services.GetService<JournalReader>(),
                    services.GetService<ProjectionProgress>(),
                    services.GetService<TimeProvider>()
                ),
            new ClusterSingletonOptions { Role = EntityHosting.Role },
            createProxyToo: false
        );

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

    private static ReadStoreOptions StoreOptions(ChatAiOptions options, string? connectionString) =>
        options.Database == "postgres"
            ? ReadStoreOptions.Postgres(PostgresConnections.WithDefaults(connectionString!))
            : ReadStoreOptions.Sqlite(Path.Combine(options.DataDir, SqliteFile));

    private static JournalReader Journal(ChatAiOptions options, string? connectionString) =>
        options.Database == "postgres"
            ? new JournalReader(ReadDialect.Postgres, PostgresConnections.WithDefaults(connectionString!))
            : new JournalReader(ReadDialect.Sqlite, JournalHosting.SqliteConnectionString(options.DataDir));
}
