using Npgsql;
using NpgsqlTypes;

namespace ChatAi.ChatNode.Journal;

/// <summary>
/// One prepared statement for any number of rows, which is
/// its own transaction, so a group costs one round trip.
/// </summary>
public sealed class PostgresJournalTable(string connectionString, TimeProvider time) : IJournalTable
{
    /// <summary>Seconds; less than the journal's circuit breaker waits.</summary>
    private const int Patience = 10;

    private const string Insert = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        SELECT $1, FALSE, rows.* FROM unnest($2, $3, $4, $5, $6, $7) AS rows
        """;

    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _insert;

    public async Task InsertAsync(IReadOnlyList<JournalWrite> group)
    {
        var rows = group.Count == 1 ? group[0].Rows : [.. group.SelectMany(write => write.Rows)];
        try
        {
            _insert ??= await PrepareAsync();
            object[] values =
            [
                time.GetUtcNow().UtcTicks,
                rows.Select(row => row.PersistenceId).ToArray(),
                rows.Select(row => row.SequenceNr).ToArray(),
                rows.Select(row => row.Payload).ToArray(),
                rows.Select(row => row.Manifest).ToArray(),
                rows.Select(row => row.Serializer).ToArray(),
                rows.Select(row => row.Writer).ToArray(),
            ];
            for (var i = 0; i < values.Length; i++)
                _insert.Parameters[i].Value = values[i];
            await _insert.ExecuteNonQueryAsync();
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new WriteRefusedException(rows[0].PersistenceId, rows[0].SequenceNr, refused);
        }
        catch
        {
            // Whatever state the connection is in, the next group starts with a new one.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        var (insert, connection) = (_insert, _connection);
        (_insert, _connection) = (null, null);
        if (insert is not null)
            await insert.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
    }

    private async Task<NpgsqlCommand> PrepareAsync()
    {
        _connection = new NpgsqlConnection(connectionString);
        await _connection.OpenAsync();
        var insert = new NpgsqlCommand(Insert, _connection) { CommandTimeout = Patience };
        foreach (
            var type in new[]
            {
                NpgsqlDbType.Bigint,
                NpgsqlDbType.Array | NpgsqlDbType.Text,
                NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                NpgsqlDbType.Array | NpgsqlDbType.Text,
                NpgsqlDbType.Array | NpgsqlDbType.Integer,
                NpgsqlDbType.Array | NpgsqlDbType.Text,
            }
        )
            insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        await insert.PrepareAsync();
        return insert;
    }
}
