using ChatAi.ChatNode.Gateway;
using Npgsql;

namespace ChatAi.ChatNode.Hosting.Database;

/// <summary>
/// The epoch of the journal's database, one row for all nodes, made by whichever comes first. The row remembers the
/// place it was made in (server, timeline, database): where a backup was restored into another one, or a standby took
/// over, the first node that sees it begins a new epoch.
/// </summary>
public sealed class PostgresEpoch(string connectionString)
{
    private const string Table =
        "CREATE TABLE IF NOT EXISTS epoch (one boolean NOT NULL PRIMARY KEY CHECK (one), value text NOT NULL, "
        + "place text NOT NULL, made_at timestamptz NOT NULL)";

    private const string Keep =
        "INSERT INTO epoch (one, value, place, made_at) VALUES (true, @value, @place, now()) "
        + "ON CONFLICT (one) DO UPDATE SET value = @value, place = @place, made_at = now() WHERE @anew OR epoch.place <> @place "
        + "RETURNING value";

    private const string Read = "SELECT value FROM epoch WHERE place = @place";

    private const string Place =
        "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' "
        + "|| (SELECT timeline_id FROM pg_control_checkpoint()) || '/' "
        + "|| (SELECT oid FROM pg_database WHERE datname = current_database())";

    /// <summary>No such function, or no right to call it: then only the command makes a new epoch.</summary>
    private static readonly string[] Unknowable = ["42883", "42501"];

    private readonly string _connectionString = PostgresConnections.WithDefaults(connectionString);

    /// <summary>The epoch as it is now, made where there is none or where its database is another.</summary>
    public async Task<string> CurrentAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancel);
        var place = await PlaceAsync(connection, cancel);
        try
        {
            if (await ScalarAsync(connection, Read, cancel, ("place", place)) is string kept)
                return kept;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The first start on this database.
        }
        return await KeepAsync(connection, place, false, cancel);
    }

    /// <summary>Begins a new epoch, whatever was before.</summary>
    public async Task<string> RenewAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancel);
        return await KeepAsync(connection, await PlaceAsync(connection, cancel), true, cancel);
    }

    private static async Task<string> KeepAsync(
        NpgsqlConnection connection,
        string place,
        bool anew,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Two nodes that make a table at once can fail; and whoever comes second must see the first one's epoch.
        await ScalarAsync(connection, "SELECT pg_advisory_xact_lock(7303)::text", cancel);
        await ScalarAsync(connection, Table, cancel);
        var made =
            await ScalarAsync(connection, Keep, cancel, ("value", Epochs.New()), ("place", place), ("anew", anew))
            ?? await ScalarAsync(connection, Read, cancel, ("place", place));
        await transaction.CommitAsync(cancel);
        return (string)made!;
    }

    private static async Task<string> PlaceAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            return await ScalarAsync(connection, Place, cancel) as string ?? "";
        }
        catch (PostgresException e) when (Unknowable.Contains(e.SqlState))
        {
            return "";
        }
    }

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancel,
        params (string Name, object Value)[] parameters
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return await command.ExecuteScalarAsync(cancel);
    }
}
