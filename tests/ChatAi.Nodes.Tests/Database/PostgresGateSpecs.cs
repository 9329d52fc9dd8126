using ChatAi.ChatNode.Hosting.Database;
using ChatAi.Shared.Configuration;
using ChatAi.Testing;
using Npgsql;

namespace ChatAi.Nodes.Tests.Database;

public sealed class PostgresGateSpecs(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static async Task<string> RefusedAsync(string database)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => PostgresGate.PassAsync(database));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    [SkippableFact]
    public async Task Should_say_in_one_line_why_a_database_is_none_to_run_on()
    {
        var good = await postgres.Server.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(good).Database;
        await PostgresFixture.ExecuteAsync(
            good,
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        );

        Assert.Contains("has the encoding SQL_ASCII", await RefusedAsync(In("ascii")), StringComparison.Ordinal);
        Assert.Contains("\"nowhere\" does not exist", await RefusedAsync(In("nowhere")), StringComparison.Ordinal);
        await PostgresFixture.ExecuteAsync(good, $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        Assert.Contains("can only be read", await RefusedAsync(good), StringComparison.Ordinal);

        string In(string database) => new NpgsqlConnectionStringBuilder(good) { Database = database }.ToString();
    }

    [SkippableFact]
    public async Task Should_let_one_node_make_the_journals_tables_while_the_others_wait()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        var passing = Enumerable.Range(0, 3).Select(_ => PostgresGate.PassAsync(database)).ToList();
        var first = await Task.WhenAny(passing);
        await using var held = await first;
        Assert.NotNull(held);
        passing.Remove(first);
        Assert.DoesNotContain(passing, other => other.IsCompleted);

        await PostgresFixture.ExecuteAsync(database, "CREATE TABLE journal (a int); CREATE TABLE snapshot (a int)");
        await held.CloseAsync();

        Assert.All(await Task.WhenAll(passing), Assert.Null);
    }

    [SkippableFact]
    public async Task Should_go_on_where_the_database_cannot_be_reached_yet()
    {
        _ = postgres.Server;
        var nobody = $"Host=127.0.0.1;Port={ChildProcess.FreePort()};Username=chatai;Database=chatai";

        Assert.Null(await PostgresGate.PassAsync(nobody));
    }
}
