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
        new(() => Opened(new NpgsqlConnection(connectionString)), () => Opened(new NpgsqlConnection(connectionString)));

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
                "SELECT persistence_id, sequence_number, writer_uuid, manifest, message FROM journal "
                    + "WHERE persistence_id LIKE 'chat-%' ORDER BY persistence_id, sequence_number"
            )
        )
        {
            var chat = ShardNames.ChatOf(row.GetString(0))!.Value.Value;
            var @event = (IChatEvent)JournalCodec.Current.FromBytes(row.GetFieldValue<byte[]>(4), row.GetString(3));
            if (!chats.TryGetValue(chat, out var rows))
                chats[chat] = rows = [];
            rows.Add(new JournalRow(row.GetInt64(1), row.IsDBNull(2) ? "" : row.GetString(2), @event));
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

    private static Guid Id(DbDataReader row, int column) => Guid.Parse(row.GetString(column));

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
