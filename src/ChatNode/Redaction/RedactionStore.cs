using System.Data.Common;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Redaction;

/// <summary>A new payload for an event of the journal.</summary>
public sealed record RewrittenEvent(long SequenceNr, byte[] Payload);

/// <param name="SequenceNr">The last event that the snapshot includes.</param>
public sealed record StoredSnapshot(long SequenceNr, string Manifest, int Serializer, byte[] Payload);

/// <summary>
/// The journal's tables as the redaction reads and writes them, and its own row, which says how far it has come. On
/// SQLite what is overwritten is zeroed in the file.
/// </summary>
public sealed class RedactionStore(ReadDialect dialect, string connectionString)
{
    private const string Columns = "SELECT ordering, persistence_id, sequence_number, manifest, identifier, message";

    /// <summary>The connection of one round of work.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = dialect.Connect(connectionString);
        try
        {
            await connection.OpenAsync(cancel);
            if (dialect == ReadDialect.Sqlite)
                await ExecuteAsync(
                    connection,
                    "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA secure_delete = ON",
                    cancel
                );
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The ordering number up to which nothing is left to take out.</summary>
    public static async Task<long> PositionAsync(DbConnection connection, CancellationToken cancel)
    {
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS journal_redaction (name text NOT NULL PRIMARY KEY, position bigint NOT NULL)",
            cancel
        );
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT position FROM journal_redaction WHERE name = 'messages'";
        return await command.ExecuteScalarAsync(cancel) is long position ? position : 0;
    }

    public static Task SetPositionAsync(DbConnection connection, long position, CancellationToken cancel) =>
        ExecuteAsync(
            connection,
            "INSERT INTO journal_redaction (name, position) VALUES ('messages', @position) "
                + "ON CONFLICT (name) DO UPDATE SET position = @position",
            cancel,
            ("position", position)
        );

    /// <summary>Events of these manifests in (after, upto] of the whole journal, the first of them.</summary>
    public static Task<List<StoredEvent>> ChangesAsync(
        DbConnection connection,
        IEnumerable<string> manifests,
        long after,
        long upto,
        int limit,
        CancellationToken cancel
    ) =>
        EventsAsync(
            connection,
            $"{Columns} FROM journal WHERE ordering > @after AND ordering <= @upto AND manifest IN ({Listed(manifests)}) "
                + $"ORDER BY ordering LIMIT {limit}",
            cancel,
            ("after", after),
            ("upto", upto)
        );

    /// <summary>One entity's events of these manifests with numbers in [from, to], the first of them.</summary>
    public static Task<List<StoredEvent>> OfEntityAsync(
        DbConnection connection,
        string persistenceId,
        IEnumerable<string> manifests,
        long from,
        long to,
        int limit,
        CancellationToken cancel
    ) =>
        EventsAsync(
            connection,
            $"{Columns} FROM journal WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to "
                + $"AND manifest IN ({Listed(manifests)}) ORDER BY sequence_number LIMIT {limit}",
            cancel,
            ("id", persistenceId),
            ("from", from),
            ("to", to)
        );

    /// <summary>One entity's events with numbers in [from, to], the first of them.</summary>
    public static Task<List<StoredEvent>> AllOfEntityAsync(
        DbConnection connection,
        string persistenceId,
        long from,
        long to,
        int limit,
        CancellationToken cancel
    ) =>
        EventsAsync(
            connection,
            $"{Columns} FROM journal WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to "
                + $"ORDER BY sequence_number LIMIT {limit}",
            cancel,
            ("id", persistenceId),
            ("from", from),
            ("to", to)
        );

    /// <summary>All of them or none.</summary>
    public static async Task RewriteAsync(
        DbConnection connection,
        string persistenceId,
        IReadOnlyList<RewrittenEvent> events,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        foreach (var e in events)
            await ExecuteAsync(
                connection,
                "UPDATE journal SET message = @payload WHERE persistence_id = @id AND sequence_number = @number",
                cancel,
                ("payload", e.Payload),
                ("id", persistenceId),
                ("number", e.SequenceNr)
            );
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The entity's snapshots, newest first; there are one or two.</summary>
    public static async Task<List<StoredSnapshot>> SnapshotsAsync(
        DbConnection connection,
        string persistenceId,
        CancellationToken cancel
    )
    {
        await using var command = Command(
            connection,
            "SELECT sequence_number, manifest, serializer_id, snapshot FROM snapshot WHERE persistence_id = @id "
                + "ORDER BY sequence_number DESC",
            ("id", persistenceId)
        );
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var snapshots = new List<StoredSnapshot>();
        while (await reader.ReadAsync(cancel))
            snapshots.Add(
                new StoredSnapshot(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    reader.GetInt32(2),
                    await reader.GetFieldValueAsync<byte[]>(3, cancel)
                )
            );
        return snapshots;
    }

    /// <summary>Puts a snapshot in the place of all older ones; null takes them away.</summary>
    public static async Task ReplaceSnapshotsAsync(
        DbConnection connection,
        string persistenceId,
        long before,
        StoredSnapshot? by,
        long ticks,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (by is not null)
            await ExecuteAsync(
                connection,
                "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id) "
                    + "VALUES (@id, @number, @created, @payload, @manifest, @serializer) ON CONFLICT DO NOTHING",
                cancel,
                ("id", persistenceId),
                ("number", by.SequenceNr),
                ("created", ticks),
                ("payload", by.Payload),
                ("manifest", by.Manifest),
                ("serializer", by.Serializer)
            );
        await ExecuteAsync(
            connection,
            "DELETE FROM snapshot WHERE persistence_id = @id AND sequence_number < @before",
            cancel,
            ("id", persistenceId),
            ("before", before)
        );
        await transaction.CommitAsync(cancel);
    }

    /// <summary>
    /// SQLite: old pages leave the write-ahead logs of the journal and of the read tables. False where somebody reads or
    /// writes just now: try again.
    /// </summary>
    public async Task<bool> EmptyLogsAsync(params IReadOnlyList<string> connectionStrings)
    {
        var done = true;
        if (dialect == ReadDialect.Sqlite)
            foreach (var each in connectionStrings.Append(connectionString))
            {
                await using var connection = new SqliteConnection(each);
                await connection.OpenAsync();
                await using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA busy_timeout = 200; PRAGMA wal_checkpoint(TRUNCATE)";
                await using var reader = await command.ExecuteReaderAsync();
                // The first result is the time-out that was set.
                await reader.NextResultAsync();
                done &= await reader.ReadAsync() && reader.GetInt64(0) == 0;
            }
        return done;
    }

    private static async Task<List<StoredEvent>> EventsAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancel,
        params (string, object)[] parameters
    )
    {
        await using var command = Command(connection, sql, parameters);
        return await JournalReader.EntriesAsync(command, cancel);
    }

    private static async Task ExecuteAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancel,
        params (string, object)[] parameters
    )
    {
        await using var command = Command(connection, sql, parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static DbCommand Command(
        DbConnection connection,
        string sql,
        params (string Name, object Value)[] parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static string Listed(IEnumerable<string> manifests) =>
        string.Join(", ", manifests.Select(manifest => $"'{manifest}'"));
}
