using ChatAi.ChatNode.Hosting;
using ChatAi.Testing;
using Npgsql;

namespace ChatAi.ReadModel.Tests;

public sealed class FrozenWriterSpecs
{
    [SkippableFact]
    public async Task Should_let_the_next_writer_through_when_one_stands_still_in_its_transaction()
    {
        Skip.If(PostgresCluster.Programs() is null, "PostgreSQL's programs are not installed.");
        await using var postgres = await PostgresCluster.StartAsync(durable: false);
        var connections = PostgresConnections.WithDefaults(await postgres.CreateDatabaseAsync());
        await using var frozen = new NpgsqlConnection(connections);
        await using var next = new NpgsqlConnection(connections);
        await frozen.OpenAsync();
        await next.OpenAsync();
        await ExecuteAsync(next, "CREATE TABLE rows (entity text, number bigint, PRIMARY KEY (entity, number))");

        await using var never = await frozen.BeginTransactionAsync();
        await ExecuteAsync(frozen, "INSERT INTO rows VALUES ('chat', 1)");
        await ExecuteAsync(next, "INSERT INTO rows VALUES ('chat', 1)").WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => never.CommitAsync());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
