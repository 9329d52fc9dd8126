using Npgsql;

namespace ChatAi.Bench.Capacity;

/// <param name="Table">A partitioned table with its partitions.</param>
public sealed record TableBytes(string Table, long Rows, long Heap, long Indexes);

/// <summary>What lies in a database, and how much it has written to its log ahead of that.</summary>
public sealed record StorageLook(IReadOnlyList<TableBytes> Tables, long WalBytes)
{
    public static async Task<StorageLook> TakeAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var tables = new List<TableBytes>();
        await using (
            var command = new NpgsqlCommand(
                """
                SELECT coalesce(p.relname, t.relname), sum(pg_table_size(t.oid))::bigint, sum(pg_indexes_size(t.oid))::bigint
                FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace
                  LEFT JOIN pg_inherits i ON i.inhrelid = t.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
                WHERE s.nspname = 'public' AND t.relkind = 'r' GROUP BY 1
                """,
                connection
            )
        )
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                tables.Add(new TableBytes(reader.GetString(0), 0, reader.GetInt64(1), reader.GetInt64(2)));
        for (var i = 0; i < tables.Count; i++)
            tables[i] = tables[i] with
            {
                Rows = await ScalarAsync(connection, $"SELECT count(*) FROM \"{tables[i].Table}\""),
            };
        return new StorageLook(
            tables,
            await ScalarAsync(connection, "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint")
        );
    }

    public long Rows(string table) => Find(table)?.Rows ?? 0;

    public long Heap(string table) => Find(table)?.Heap ?? 0;

    public long Indexes(string table) => Find(table)?.Indexes ?? 0;

    public static async Task<long> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return await ScalarAsync(connection, sql);
    }

    private TableBytes? Find(string table) => Tables.FirstOrDefault(t => t.Table == table);

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is long value ? value : 0;
    }
}
