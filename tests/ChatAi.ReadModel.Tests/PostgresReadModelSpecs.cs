using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Testing;
using Npgsql;

namespace ChatAi.ReadModel.Tests;

/// <summary>One server for all tests of the class, a database for each.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresCluster? Cluster { get; private set; }

    public async Task InitializeAsync()
    {
        if (PostgresCluster.Programs() is not null)
            Cluster = await PostgresCluster.StartAsync(durable: false);
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (Cluster is not null)
            await Cluster.DisposeAsync();
    }
}

public sealed class PostgresReadModelSpecs(PostgresFixture postgres) : ReadModelSpec, IClassFixture<PostgresFixture>
{
    protected override void SkipUnlessAvailable() =>
        Skip.If(postgres.Cluster is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");

    protected override async Task<ReadDatabase?> CreateAsync() =>
        postgres.Cluster is null
            ? null
            : new ReadDatabase(
                ReadStoreOptions.Postgres(
                    PostgresConnections.WithDefaults(await postgres.Cluster.CreateDatabaseAsync())
                ),
                () => ValueTask.CompletedTask
            );

    [SkippableFact]
    public async Task Should_spread_messages_over_partitions()
    {
        SkipUnlessAvailable();
        for (var i = 0; i < 60; i++)
            TalkOf(1);
        await ProjectAsync();
        var partitions = await Database.QueryAsync<string>("SELECT DISTINCT tableoid::regclass::text FROM messages");
        Assert.InRange(partitions.Count, 10, Schema.Partitions);
        Assert.All(partitions, p => Assert.StartsWith("messages_", p, StringComparison.Ordinal));
    }
}
