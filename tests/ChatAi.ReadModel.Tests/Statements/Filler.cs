using Npgsql;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>
/// Fills every table that grows, whatever its columns, so that the planner has a reason not to read all of it: rows of
/// chats, users and entities that nothing else names.
/// </summary>
public static class Filler
{
    private const int Rows = 40_000;

    public static async Task FillAsync(string connectionString, IEnumerable<string> tables)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var table in tables)
        {
            var columns = await ColumnsAsync(connection, table);
            if (columns.Count == 0)
                continue;
            await ExecuteAsync(
                connection,
                $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => $"\"{c.Name}\""))}) OVERRIDING SYSTEM VALUE "
                    + $"SELECT {string.Join(", ", columns.Select(c => ValueOf(table, c)))} FROM generate_series(0, {Rows - 1}) n ON CONFLICT DO NOTHING"
            );
            await ExecuteAsync(connection, $"ANALYZE {table}");
        }
        await ExecuteAsync(connection, StatementLog.Marker);
    }

    private static string ValueOf(string table, (string Name, string Type) column) =>
        column switch
        {
            ("id", _) when table == "chats" => "'filler-' || n",
            ("chat_id", _) when table == "chat_members" => "'filler-' || n % 20000",
            ("chat_id", _) => "'filler-' || n % 2000",
            ("user_id", _) => "'filler-' || n % 3999",
            ("persistence_id", _) => "'filler-' || n % 2000",
            // Below every number that the journal gives, so that no projection ever comes upon them.
            ("ordering", _) => "-1 - n",
            ("seq" or "first_seq" or "sequence_number", _) => "n / 2000 + 1",
            ("ended_at", _) => "now()",
            // None that anybody sweeps away.
            ("expires_at", _) => "now() + n * interval '1 hour'",
            // Never due.
            ("due_at", _) => "9000000000000 + n",
            ("is_ai", _) => "n % 7 = 0",
            (_, "boolean") => "false",
            (_, "tsvector") => "to_tsvector('simple', 'filler' || n)",
            (_, "bytea") => "'\\x00'::bytea",
            (_, "text" or "character varying") => $"'{column.Name}-' || n",
            (_, "timestamp with time zone" or "timestamp without time zone") => "now() - n * interval '1 second'",
            _ => "n % 100",
        };

    // Columns that may be null stay so, as in most rows; those with a default of their own too.
    private static async Task<List<(string Name, string Type)>> ColumnsAsync(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT column_name, data_type FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = $1
              AND ((is_nullable = 'NO' AND (column_default IS NULL OR column_name = 'ordering')) OR column_name = 'ended_at')
            """,
            connection
        );
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<(string, string)>();
        while (await reader.ReadAsync())
            columns.Add((reader.GetString(0), reader.GetString(1)));
        return columns;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
