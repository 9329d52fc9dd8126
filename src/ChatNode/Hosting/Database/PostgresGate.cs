using System.Diagnostics;
using Npgsql;

namespace ChatAi.ChatNode.Hosting.Database;

/// <summary>
/// What a node looks at before it starts on PostgreSQL. On an empty database the first one holds a lock until the
/// journal's plugin has made its tables: the plugin's own attempts, made by several nodes at once, can fail.
/// </summary>
public sealed partial class PostgresGate(NpgsqlConnection? held, ILogger<PostgresGate> log) : BackgroundService
{
    private const long Lock = 7302;
    private const string TablesAreThere =
        "SELECT to_regclass('journal') IS NOT NULL AND to_regclass('snapshot') IS NOT NULL";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>States that no waiting heals: wrong password, no such role, no such database.</summary>
    private static readonly string[] Hopeless = ["28P01", "28000", "3D000"];

    /// <summary>Waits while another node makes the tables. A database that cannot be reached may come later.</summary>
    /// <returns>The connection that holds the lock, where this node is the one to make them.</returns>
    /// <exception cref="ConfigurationException">The database is not one to run on; in one line.</exception>
    public static async Task<NpgsqlConnection?> PassAsync(string connectionString)
    {
        // Not from a pool: the lock goes with the connection.
        var own = new NpgsqlConnectionStringBuilder(PostgresConnections.WithDefaults(connectionString))
        {
            Pooling = false,
            CommandTimeout = (int)Longest.TotalSeconds,
        };
        var connection = new NpgsqlConnection(own.ConnectionString);
        var holds = false;
        try
        {
            await connection.OpenAsync();
            await RequireFitAsync(connection);
            if (await IsAsync(connection, TablesAreThere))
                return null;
            await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})");
            holds = !await IsAsync(connection, TablesAreThere);
            return holds ? connection : null;
        }
        catch (PostgresException e) when (Hopeless.Contains(e.SqlState))
        {
            throw new ConfigurationException($"Configuration: ConnectionStrings:ChatAi: {e.MessageText}.");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"The database cannot be reached yet: {e.Message}");
            return null;
        }
        finally
        {
            if (!holds)
                await connection.DisposeAsync();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (held is null)
            return;
        await using var connection = held;
        var since = Stopwatch.GetTimestamp();
        try
        {
            while (!await IsAsync(connection, TablesAreThere) && Stopwatch.GetElapsedTime(since) < Longest)
                await Task.Delay(Look, stoppingToken);
            Made(log);
        }
        catch (NpgsqlException e)
        {
            // The lock is gone with the connection; the others go on without.
            Lost(log, e);
        }
    }

    private static async Task RequireFitAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_encoding'), current_setting('transaction_read_only')",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (encoding, readOnly) = (reader.GetString(0), reader.GetString(1));
        var name = connection.Database;
        if (encoding != "UTF8")
            throw new ConfigurationException(
                $"Configuration: the database '{name}' has the encoding {encoding}; people's texts need UTF8."
            );
        if (readOnly == "on")
            throw new ConfigurationException($"Configuration: the database '{name}' can only be read.");
    }

    private static async Task<bool> IsAsync(NpgsqlConnection connection, string question)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync() is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    [LoggerMessage(LogLevel.Information, "The journal's tables are made")]
    private static partial void Made(ILogger log);

    [LoggerMessage(LogLevel.Warning, "The database went away while the journal's tables were made")]
    private static partial void Lost(ILogger log, Exception cause);
}
