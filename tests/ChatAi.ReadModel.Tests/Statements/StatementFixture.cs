using ChatAi.Testing;
using Npgsql;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>Everything the service asked PostgreSQL in a full run, from the server's own log.</summary>
public sealed class StatementFixture : IAsyncLifetime
{
    public IReadOnlyList<ExecutedStatement> Plans { get; private set; } = [];
    public IReadOnlyList<string> Texts { get; private set; } = [];
    public IReadOnlyList<string> LeftOut { get; private set; } = [];
    public IReadOnlyList<(string Table, string Index, bool IsUnique, string Columns)> Indexes { get; private set; } =
    [];
    public IReadOnlyList<(string Table, string Constraint)> Constraints { get; private set; } = [];
    public IReadOnlyList<string> Tables { get; private set; } = [];
    public bool IsAvailable { get; } = PostgresCluster.Programs() is not null;

    public async Task InitializeAsync()
    {
        if (!IsAvailable)
            return;
        await using var cluster = await PostgresCluster.StartAsync(durable: false, extra: StatementLog.Settings);
        var service = await cluster.CreateDatabaseAsync();
        await ServiceRun.RunAsync(service);
        LeftOut = await ReaderRun.RunAsync(await cluster.CreateDatabaseAsync());
        await LookAtSchemaAsync(service);
        NpgsqlConnection.ClearAllPools();
        (Plans, Texts) = StatementLog.Read(cluster.DataFolder);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task LookAtSchemaAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        Tables = await ListAsync(
            connection,
            """
            SELECT relname FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
            WHERE s.nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition
            """,
            r => r.GetString(0)
        );
        Indexes = await ListAsync(
            connection,
            """
            SELECT t.relname, i.relname, x.indisunique,
              (SELECT string_agg(a.attname, ',') FROM pg_attribute a WHERE a.attrelid = i.oid)
            FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
            JOIN pg_namespace s ON s.oid = t.relnamespace
            WHERE s.nspname = 'public' AND NOT t.relispartition
            """,
            r => (r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetString(3))
        );
        Constraints = await ListAsync(
            connection,
            """
            SELECT t.relname, c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
            JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public' AND c.contype IN ('f', 'x')
            UNION ALL
            SELECT t.relname, g.tgname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
            """,
            r => (r.GetString(0), r.GetString(1))
        );
    }

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> map
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(map(reader));
        return rows;
    }
}
