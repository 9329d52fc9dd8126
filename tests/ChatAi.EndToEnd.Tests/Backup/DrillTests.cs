using System.Security.Cryptography;
using ChatAi.EndToEnd.Tests.Crash;
using ChatAi.Testing;
using Npgsql;

namespace ChatAi.EndToEnd.Tests.Backup;

/// <summary>
/// A backup while people talk, and a return to it: with the commands of docs/operations.md. What was acknowledged before the
/// backup is there, once and without gaps; what came after is gone, and clients are told so.
/// </summary>
public sealed class DrillTests
{
    [Fact]
    public async Task Should_go_back_to_an_older_moment_on_SQLite()
    {
        var backup = Directory.CreateTempSubdirectory("chatai-backup-").FullName;
        await using var server = await ServerProcess.StartAsync();
        var environment = Environment(server, [], ("BACKUP", Path.Combine(backup, "today")));
        var talk = await Talk.StartAsync(server.Url);
        await talk.BackUpAsync(() => DocumentedCommands.RunAsync("sqlite-backup", environment));
        await StopAsync(server);
        await DocumentedCommands.RunAsync("sqlite-restore", environment);
        await DocumentedCommands.RunAsync("new-epoch", environment);
        await server.RestartAsync();

        await talk.CheckAsync(server.Url);
        await StopCaughtUpAsync(server);
        var restored = ReadTables.Dump(server.DataDir);
        await server.RunCommandAsync("rebuild");
        Assert.Equal(restored, ReadTables.Dump(server.DataDir));
        Directory.Delete(backup, recursive: true);
    }

    [SkippableFact]
    public async Task Should_go_back_to_an_older_moment_on_PostgreSQL()
    {
        Skip.If(PostgresCluster.Programs() is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");
        var backup = Directory.CreateTempSubdirectory("chatai-backup-").FullName;
        await using var postgres = await PostgresCluster.StartAsync();
        var before = await postgres.CreateDatabaseAsync();
        var after = new NpgsqlConnectionStringBuilder(before) { Database = "chatai_restored" }.ConnectionString;
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using var server = await ServerProcess.StartAsync(Settings(before, key));
        var environment = Environment(
            server,
            Settings(after, key),
            ("BACKUP", Path.Combine(backup, "today.dump")),
            ("DATABASE", Address(before)),
            ("RESTORED", Address(after)),
            ("PATH", $"{PostgresCluster.Programs()}:{System.Environment.GetEnvironmentVariable("PATH")}")
        );
        var talk = await Talk.StartAsync(server.Url);
        await talk.BackUpAsync(() => DocumentedCommands.RunAsync("postgres-backup", environment));
        await StopAsync(server);
        await DocumentedCommands.RunAsync("postgres-restore", environment);
        await DocumentedCommands.RunAsync("new-epoch", environment);
        await using var again = await ServerProcess.StartAsync(Settings(after, key), server.DataDir);

        await talk.CheckAsync(again.Url);
        await StopCaughtUpAsync(again);
        var restored = await DumpAsync(after);
        await again.RunCommandAsync("rebuild");
        Assert.Equal(restored, await DumpAsync(after));
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(backup, recursive: true);
    }

    [SkippableFact]
    public async Task Should_go_back_to_any_moment_with_a_base_backup_and_the_archived_log()
    {
        Skip.If(PostgresCluster.Programs() is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");
        await using var postgres = await PostgresCluster.StartAsync(
            extra: ["archive_mode=on", "archive_command=mkdir -p ../archive && cp %p ../archive/%f"]
        );
        var folder = Path.GetDirectoryName(postgres.DataFolder)!;
        var database = await postgres.CreateDatabaseAsync();
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using var server = await ServerProcess.StartAsync(Settings(database, key));
        var environment = Environment(
            server,
            Settings(database, key),
            ("BACKUP", Path.Combine(folder, "base")),
            ("ARCHIVE", Path.Combine(folder, "archive")),
            ("PGDATA", postgres.DataFolder),
            ("DATABASE", Address(database)),
            ("RESTORED", Address(database)),
            ("PATH", $"{PostgresCluster.Programs()}:{System.Environment.GetEnvironmentVariable("PATH")}")
        );
        var talk = await Talk.StartAsync(server.Url);
        await talk.BackUpAsync(async () =>
        {
            await DocumentedCommands.RunAsync("postgres-base-backup", environment, "postgres");
            environment["MOMENT"] = (await ListAsync(database, "SELECT clock_timestamp()::text"))[0];
        });
        await StopAsync(server);
        await postgres.StopAsync();
        await DocumentedCommands.RunAsync("postgres-point-in-time", environment, "postgres");
        await postgres.StartAgainAsync();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        NpgsqlConnection.ClearAllPools();
        while ((await ListAsync(database, "SELECT pg_is_in_recovery()::text"))[0] != "false")
            await Task.Delay(50, late.Token);
        await DocumentedCommands.RunAsync("new-epoch", environment);
        await server.RestartAsync();

        await talk.CheckAsync(server.Url);
        await StopCaughtUpAsync(server);
        var restored = await DumpAsync(database);
        await server.RunCommandAsync("rebuild");
        Assert.Equal(restored, await DumpAsync(database));
        NpgsqlConnection.ClearAllPools();
    }

    private static async Task StopAsync(ServerProcess server)
    {
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    // While it stops, people go offline, which the read tables hear of at the next start; kill -9 adds nothing to that.
    private static async Task StopCaughtUpAsync(ServerProcess server)
    {
        await StopAsync(server);
        await server.RestartAsync();
        server.Kill9();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    private static Dictionary<string, string> Settings(string connection, string key) =>
        new()
        {
            ["ChatAi__Database"] = "postgres",
            ["ChatAi__Auth__SigningKey"] = key,
            ["ConnectionStrings__ChatAi"] = connection,
        };

    /// <param name="settings">What the program is started with, beside the data folder.</param>
    private static Dictionary<string, string> Environment(
        ServerProcess server,
        Dictionary<string, string> settings,
        params ReadOnlySpan<(string Name, string Value)> more
    )
    {
        var host = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var environment = new Dictionary<string, string>(settings)
        {
            ["DATA"] = server.DataDir,
            ["CHATNODE"] = $"{host} {ServerProcess.Assembly()}",
            ["ChatAi__DataDir"] = server.DataDir,
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        return environment;
    }

    private static string Address(string connection)
    {
        var parts = new NpgsqlConnectionStringBuilder(connection);
        return $"postgresql://{parts.Username}@{parts.Host}:{parts.Port}/{parts.Database}";
    }

    /// <summary>Every row of the read tables but their bookkeeping, as text.</summary>
    private static async Task<List<string>> DumpAsync(string connectionString)
    {
        var lines = new List<string>();
        string[] tables = ["users", "chats", "chat_members", "messages", "chat_events", "ai_runs", "ai_cache_contexts"];
        foreach (var table in tables)
            lines.AddRange(
                await ListAsync(connectionString, $"SELECT '{table} ' || row_to_json(t)::text FROM {table} t")
            );
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static async Task<List<string>> ListAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
