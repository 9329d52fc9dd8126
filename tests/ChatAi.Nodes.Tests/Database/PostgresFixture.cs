using ChatAi.Testing;
using Npgsql;

namespace ChatAi.Nodes.Tests.Database;

/// <summary>One PostgreSQL for the tests of a class, where its programs are installed.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresCluster? _server;

    public PostgresCluster Server
    {
        get
        {
            Skip.If(_server is null, "PostgreSQL's programs are not installed.");
            return _server!;
        }
    }

    public async Task InitializeAsync()
    {
        if (PostgresCluster.Programs() is not null)
            _server = await PostgresCluster.StartAsync(durable: false);
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
