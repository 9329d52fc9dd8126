using System.Data.Common;
using System.Runtime.CompilerServices;
using ChatAi.ChatNode.ReadModel;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Reads the journal's table directly. The plugin's own stream of all events would do, but it walks the numbers of the
/// whole journal from 1 after every start before it shows anything new, and costs many times more for each event.
/// Late commits are <see cref="GapGuard"/>'s business.
/// </summary>
public sealed class JournalReader(ReadDialect dialect, string connectionString)
{
    public ReadDialect Dialect => dialect;

    public string ConnectionString => connectionString;

    /// <summary>
    /// How long a number may stay missing because its transaction has not committed: longer than the longest commit.
    /// SQLite has one writer at a time, which gives out numbers in the order of commits.
    /// </summary>
    public TimeSpan LongestCommit { get; init; } =
        dialect == ReadDialect.Sqlite ? TimeSpan.Zero : TimeSpan.FromSeconds(15);

    private const string Columns = "SELECT ordering, persistence_id, sequence_number, manifest, identifier, message";

    /// <summary>The newest ordering number; 0 where there is no journal yet.</summary>
    public async Task<long> HighestOrderingAsync(CancellationToken cancel)
    {
        await using var connection = await OpenOrNullAsync(cancel);
        if (connection is null)
            return 0;
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT MAX(ordering) FROM journal";
        return await command.ExecuteScalarAsync(cancel) is long highest ? highest : 0;
    }

    /// <summary>Pages of all events by rising ordering, to the end of the journal.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JournalEntry>> PagesAsync(
        long after,
        int size,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await using var cursor = await OpenAsync(size, cancel);
        while (cursor is not null && await cursor.ReadAsync(after, cancel) is { Count: > 0 } page)
        {
            yield return [.. page.Select(e => e.Decode())];
            after = page[^1].Ordering;
        }
    }

    /// <summary>Events with ordering numbers in (after, upto], the first of them.</summary>
    public async Task<IReadOnlyList<StoredEvent>> PageAsync(long after, long upto, int size, CancellationToken cancel)
    {
        await using var connection = await OpenOrNullAsync(cancel);
        if (connection is null)
            return [];
        return await QueryAsync(
            connection,
            $"{Columns} FROM journal WHERE ordering > @after AND ordering <= @upto ORDER BY ordering LIMIT {size}",
            cancel,
            ("after", after),
            ("upto", upto)
        );
    }

    /// <summary>A statement that reads a page of events again and again; null where the journal has not been made yet.</summary>
    public async Task<JournalCursor?> OpenAsync(int size, CancellationToken cancel)
    {
        var connection = await OpenOrNullAsync(cancel, ownSettings: true);
        if (connection is null)
            return null;
        var knowsWriters = dialect == ReadDialect.Postgres && await SetUpCursorAsync(connection, cancel);
        var command = connection.CreateCommand();
        command.CommandText = $"{Columns} FROM journal WHERE ordering > @after ORDER BY ordering LIMIT {size}";
        var after = command.CreateParameter();
        after.ParameterName = "after";
        after.Value = 0L;
        command.Parameters.Add(after);
        await command.PrepareAsync(cancel);
        return new JournalCursor(connection, command, knowsWriters);
    }

    /// <returns>Whether its locks show who writes: engines that only speak its protocol keep none.</returns>
    private static async Task<bool> SetUpCursorAsync(DbConnection connection, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        // While the table is new, its statistics may speak for reading and sorting all of it again and again.
        command.CommandText = """
            SET enable_seqscan = off;
            SET enable_bitmapscan = off;
            SELECT version() LIKE 'PostgreSQL %' AND version() NOT LIKE '%-YB-%'
            """;
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>One entity's events with sequence numbers in [from, to].</summary>
    public async Task<IReadOnlyList<JournalEntry>> OfEntityAsync(
        string persistenceId,
        long from,
        long to,
        CancellationToken cancel
    )
    {
        await using var connection = await OpenOrNullAsync(cancel);
        if (connection is null)
            return [];
        var events = await QueryAsync(
            connection,
            $"{Columns} FROM journal WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to "
                + "ORDER BY sequence_number",
            cancel,
            ("id", persistenceId),
            ("from", from),
            ("to", to)
        );
        return [.. events.Select(e => e.Decode())];
    }

    private static async Task<List<StoredEvent>> QueryAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancel,
        params (string Name, object Value)[] parameters
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
        return await EntriesAsync(command, cancel);
    }

    internal static async Task<List<StoredEvent>> EntriesAsync(DbCommand command, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var entries = new List<StoredEvent>();
        while (await reader.ReadAsync(cancel))
            entries.Add(EventOf(reader));
        return entries;
    }

    private static StoredEvent EventOf(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetInt64(2),
            reader.GetString(3),
            reader.GetInt32(4),
            reader.GetFieldValue<byte[]>(5)
        );

    /// <summary>Null where the journal has not been made yet.</summary>
    /// <param name="ownSettings">The connection is changed and must not come back to the pool.</param>
    private async Task<DbConnection?> OpenOrNullAsync(CancellationToken cancel, bool ownSettings = false)
    {
        if (
            dialect == ReadDialect.Sqlite
            && !File.Exists(new SqliteConnectionStringBuilder(connectionString).DataSource)
        )
            return null;
        var connection = dialect.Connect(ownSettings ? $"{connectionString};Pooling=False" : connectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            command.CommandText =
                dialect == ReadDialect.Sqlite
                    ? "SELECT name FROM sqlite_master WHERE name = 'journal'"
                    : "SELECT to_regclass('journal')::text";
            if (await command.ExecuteScalarAsync(cancel) is string)
                return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }
}

/// <summary>Reads the journal from where it is told, on one connection. One caller at a time.</summary>
public sealed class JournalCursor(DbConnection connection, DbCommand command, bool knowsWriters) : IAsyncDisposable
{
    // Whoever inserts holds this lock on the table from before a number is given out until the commit.
    private const string Writers = """
        SELECT virtualtransaction FROM pg_locks
        WHERE locktype = 'relation' AND relation = 'journal'::regclass AND mode = 'RowExclusiveLock'
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(long after, CancellationToken cancel)
    {
        command.Parameters[0].Value = after;
        return await JournalReader.EntriesAsync(command, cancel);
    }

    /// <summary>The transactions that write to the journal now; null where the database does not say.</summary>
    public async Task<IReadOnlyCollection<string>?> WritersAsync(CancellationToken cancel)
    {
        if (!knowsWriters)
            return null;
        await using var question = connection.CreateCommand();
        question.CommandText = Writers;
        await using var reader = await question.ExecuteReaderAsync(cancel);
        var writers = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel))
            writers.Add(reader.GetString(0));
        return writers;
    }

    public async ValueTask DisposeAsync()
    {
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }
}
