using ChatAi.ChatNode.Hosting.Database;
using ChatAi.Testing;
using Npgsql;

namespace ChatAi.Nodes.Tests.Database;

public sealed class PostgresEpochSpecs(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static Task<string> CurrentAsync(string database) =>
        new PostgresEpoch(database).CurrentAsync(CancellationToken.None);

    [SkippableFact]
    public async Task Should_be_one_for_all_nodes_that_start_together()
    {
        var database = await postgres.Server.CreateDatabaseAsync();

        var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => CurrentAsync(database))));

        Assert.Single(seen.Distinct());
        Assert.Equal(seen[0], await CurrentAsync(database));
    }

    [SkippableFact]
    public async Task Should_be_another_when_an_operator_says_so()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        var before = await CurrentAsync(database);

        var renewed = await new PostgresEpoch(database).RenewAsync(CancellationToken.None);

        Assert.NotEqual(before, renewed);
        Assert.Equal(renewed, await CurrentAsync(database));
    }

    [SkippableFact]
    public async Task Should_be_another_in_a_database_that_a_backup_was_restored_into()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        var before = await CurrentAsync(database);
        NpgsqlConnection.ClearAllPools();
        var restored = await postgres.Server.CopyDatabaseAsync(database);

        var seen = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => CurrentAsync(restored))));

        Assert.Single(seen.Distinct());
        Assert.NotEqual(before, seen[0]);
        Assert.Equal(before, await CurrentAsync(database));
    }
}
