using System.Data.Common;
using ChatAi.Faults.Checking;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Shared.Sharding;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChatAi.Faults.Facts;

/// <summary>The database of a service under test, read from outside.</summary>
public sealed class Store(Func<DbConnection> openJournal, Func<DbConnection> openTables)
{
    public static Store Postgres(string connectionString) =>
        new(() => Opened(OfServer(connectionString)), () => Opened(OfServer(connectionString)));

    public static Store Sqlite(string dataDir) =>
        new(() => Opened(OfFile(dataDir, "journal.db")), () => Opened(OfFile(dataDir, "read.db")));

    /// <summary>The journal of every chat, in the order of its sequence numbers.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlyList<JournalRow>> Journal()
    {
        var chats = new Dictionary<Guid, List<JournalRow>>();
        using var connection = openJournal();
        foreach (
            var row in Rows(
                connection,
                "SELECT persistence_id, sequence_number, manifest, message FROM journal "
                    + "WHERE persistence_id LIKE 'chat-%' ORDER BY persistence_id, sequence_number"
            )
        )
        {
            var chat = ShardNames.ChatOf(row.GetString(0))!.Value.Value;
            var @event = (IChatEvent)JournalCodec.Current.FromBytes(row.GetFieldValue<byte[]>(3), row.GetString(2));
            if (!chats.TryGetValue(chat, out var rows))
                chats[chat] = rows = [];
            rows.Add(new JournalRow(row.GetInt64(1), @event));
        }
        return chats.ToDictionary(chat => chat.Key, chat => (IReadOnlyList<JournalRow>)chat.Value);
    }

    public IReadOnlyList<MessageRow> Messages()
    {
        using var connection = openTables();
        return
        [
            .. Rows(connection, "SELECT chat_id, seq, id, sender_id, cid, content, deleted, run_id FROM messages")
                .Select(row => new MessageRow(
                    Id(row, 0),
                    row.GetInt64(1),
                    Id(row, 2),
                    Id(row, 3),
                    Id(row, 4),
                    row.GetString(5),
                    row.GetBoolean(6),
                    row.IsDBNull(7) ? null : Id(row, 7)
                )),
        ];
    }

    public IReadOnlyList<RunRow> Runs()
    {
        using var connection = openTables();
        return
        [
            .. Rows(connection, "SELECT id, chat_id, status, ended_at FROM ai_runs")
                .Select(row => new RunRow(Id(row, 0), Id(row, 1), row.GetString(2), !row.IsDBNull(3))),
        ];
    }

    /// <summary>What PostgreSQL's sessions wait for, for the case that nobody answers.</summary>
    public static string Activity(string connectionString)
    {
        using var connection = Opened(OfServer(connectionString));
        return string.Join(
            "; ",
            Rows(
                    connection,
                    "SELECT state, wait_event_type, wait_event, now() - state_change, left(query, 60) FROM pg_stat_activity "
                        + "WHERE state <> 'idle' AND pid <> pg_backend_pid()"
                )
                .Select(row => string.Join(" ", Enumerable.Range(0, row.FieldCount).Select(i => $"{row.GetValue(i)}")))
        );
    }

    private static Guid Id(DbDataReader row, int column) => Guid.Parse(row.GetString(column));

    // Pooled connections would be of a server's last life.
    private static NpgsqlConnection OfServer(string connectionString) =>
        new($"{connectionString};Pooling=false;Timeout=5");

    private static SqliteConnection OfFile(string dataDir, string file) =>
        new($"Data Source={Path.Combine(dataDir, file)};Mode=ReadOnly;Pooling=False");

    private static T Opened<T>(T connection)
        where T : DbConnection
    {
        connection.Open();
        return connection;
    }

    private static IEnumerable<DbDataReader> Rows(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader;
    }
}
