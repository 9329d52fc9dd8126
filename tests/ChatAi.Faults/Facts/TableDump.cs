using System.Data.Common;
using System.Globalization;
using ChatAi.Testing;
using Npgsql;

namespace ChatAi.Faults.Facts;

/// <summary>
/// Read tables against a replay of the journal: a copy of the database is made while the service runs, the program's
/// own <c>rebuild</c> makes the copy's tables anew, and every row of both is compared.
/// </summary>
public static class TableDump
{
    // Bookkeeping of how far the projection is and which schema there is; the journal's own tables are not read tables.
    private static readonly string[] Skipped =
    [
        "projection_offsets",
        "VersionInfo",
        "journal",
        "snapshot",
        "journal_metadata",
        "tags",
    ];

    /// <summary>Lines that only one of the two has, at most 20.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(PostgresCluster postgres, string database)
    {
        var copy = await postgres.CopyDatabaseAsync(database);
        var projected = Lines(copy);
        await ServerProcess.RunCommandAsync(
            ["rebuild"],
            new Dictionary<string, string>(ServerProcess.CommonSettings)
            {
                ["ChatAi__Database"] = "postgres",
                ["ConnectionStrings__ChatAi"] = copy,
                ["ChatAi__Auth__SigningKey"] = Convert.ToBase64String(new byte[32]),
            }
        );
        var replayed = Lines(copy);
        await postgres.DropDatabaseAsync(copy);
        return
        [
            .. projected.Except(replayed).Select(line => $"only in the tables: {line}").Take(10),
            .. replayed.Except(projected).Select(line => $"only in the replay: {line}").Take(10),
        ];
    }

    private static HashSet<string> Lines(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        connection.Open();
        var lines = new HashSet<string>(StringComparer.Ordinal);
        var tables = Read(
                connection,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
                row => row.GetString(0)
            )
            // Rows of the partitions are read through the table that they are part of.
            .Where(table => !Skipped.Contains(table) && !table.StartsWith("messages_", StringComparison.Ordinal))
            .ToList();
        foreach (var table in tables)
            lines.UnionWith(Read(connection, $"SELECT * FROM \"{table}\"", row => $"{table}: {Text(row)}"));
        return lines;
    }

    private static List<string> Read(DbConnection connection, string sql, Func<DbDataReader, string> line)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
            lines.Add(line(reader));
        return lines;
    }

    private static string Text(DbDataReader row) =>
        string.Join(
            " | ",
            Enumerable
                .Range(0, row.FieldCount)
                .Select(i => $"{row.GetName(i)}={(row.IsDBNull(i) ? "NULL" : Value(row.GetValue(i)))}")
        );

    private static string Value(object value) =>
        value is byte[] bytes
            ? Convert.ToHexString(bytes)
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
