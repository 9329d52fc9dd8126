using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ChatAi.EndToEnd.Tests.Crash;

/// <summary>The read tables of a server that does not run, as text lines.</summary>
public static class ReadTables
{
    /// <summary>Every row of every table but the bookkeeping of offsets and migrations, sorted.</summary>
    public static IReadOnlyList<string> Dump(string dataDir)
    {
        using var connection = Open(dataDir);
        var lines = new List<string>();
        foreach (var table in Column(connection, "SELECT name FROM sqlite_master WHERE type = 'table'"))
        {
            // The index of words keeps no rows that can be listed, and orders its own tables as it likes.
            if (
                table is "projection_offsets" or "VersionInfo"
                || table.StartsWith("sqlite_", StringComparison.Ordinal)
                || table.StartsWith("message_search", StringComparison.Ordinal)
            )
                continue;
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                lines.Add(
                    $"{table}: "
                        + string.Join(
                            " | ",
                            Enumerable
                                .Range(0, reader.FieldCount)
                                .Select(i => $"{reader.GetName(i)}={Text(reader.GetValue(i))}")
                        )
                );
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Number, client id and text of a chat's messages by number.</summary>
    public static IReadOnlyList<(long Seq, Guid Cid, string Text)> Messages(string dataDir, Guid chat)
    {
        using var connection = Open(dataDir);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq, cid, content FROM messages WHERE chat_id = $chat ORDER BY seq";
        command.Parameters.AddWithValue("$chat", chat.ToString("D", CultureInfo.InvariantCulture));
        using var reader = command.ExecuteReader();
        var rows = new List<(long, Guid, string)>();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), Guid.Parse(reader.GetString(1)), reader.GetString(2)));
        return rows;
    }

    /// <summary>A request to the assistant, and how many messages answer it.</summary>
    public sealed record Run(string Id, string Status, bool Ended, int Messages);

    /// <summary>The runs that people asked for. Works while the server runs.</summary>
    public static IReadOnlyList<Run> Runs(string dataDir)
    {
        using var connection = Open(dataDir);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, status, ended_at IS NOT NULL, (SELECT COUNT(*) FROM messages WHERE run_id = ai_runs.id)
            FROM ai_runs WHERE kind = 'reply'
            """;
        using var reader = command.ExecuteReader();
        var runs = new List<Run>();
        while (reader.Read())
            runs.Add(new Run(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), reader.GetInt32(3)));
        return runs;
    }

    /// <summary>Runs that have not ended, rolling summaries that nobody asked for among them. Works while the server runs.</summary>
    public static long OpenRuns(string dataDir)
    {
        using var connection = Open(dataDir);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM ai_runs WHERE ended_at IS NULL";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string dataDir)
    {
        var file = Path.Combine(dataDir, "read.db");
        var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<string> Column(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(reader.GetString(0));
        return values;
    }

    private static string Text(object value) =>
        value switch
        {
            DBNull => "NULL",
            byte[] bytes => Convert.ToHexString(bytes),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
