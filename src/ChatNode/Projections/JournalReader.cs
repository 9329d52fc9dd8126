using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Serialization;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Reads the journal's table directly: pages for a rebuild, many times faster than a stream of the plugin, and single
/// entities. Live projection goes through the plugin's stream, which waits for late commits; here is no such wait.
/// </summary>
public sealed class JournalReader(ReadDialect dialect, string connectionString)
{
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

    /// <summary>Pages of all events by rising ordering.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JournalEntry>> PagesAsync(
        long after,
        int size,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        await using var connection = await OpenOrNullAsync(cancel);
        if (connection is null)
            yield break;
        while (true)
        {
            var page = await QueryAsync(
                connection,
                $"{Columns} FROM journal WHERE ordering > @after AND deleted = @deleted ORDER BY ordering LIMIT {size}",
                cancel,
                ("after", after),
                ("deleted", false)
            );
            if (page.Count == 0)
                yield break;
            yield return page;
            after = page[^1].Ordering;
        }
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
        return await QueryAsync(
            connection,
            $"{Columns} FROM journal WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to "
                + "ORDER BY sequence_number",
            cancel,
            ("id", persistenceId),
            ("from", from),
            ("to", to)
        );
    }

    private static async Task<List<JournalEntry>> QueryAsync(
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
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var entries = new List<JournalEntry>();
        while (await reader.ReadAsync(cancel))
            entries.Add(EntryOf(reader));
        return entries;
    }

    private static JournalEntry EntryOf(DbDataReader reader)
    {
        var id = reader.GetString(1);
        if (reader.GetInt32(4) != JournalSerializer.Id)
            throw new InvalidDataException($"An event of '{id}' was not written by this service's serializer.");
        return new JournalEntry(
            reader.GetInt64(0),
            id,
            reader.GetInt64(2),
            JournalCodec.Current.FromBytes(reader.GetFieldValue<byte[]>(5), reader.GetString(3))
        );
    }

    /// <summary>Null where the journal has not been made yet.</summary>
    private async Task<DbConnection?> OpenOrNullAsync(CancellationToken cancel)
    {
        if (
            dialect == ReadDialect.Sqlite
            && !File.Exists(new SqliteConnectionStringBuilder(connectionString).DataSource)
        )
            return null;
        var connection = dialect.Connect(connectionString);
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
