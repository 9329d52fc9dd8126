using System.Reflection;
using System.Security.Cryptography;
using ChatAi.Testing;

namespace ChatAi.Bench.Delivery;

/// <summary>A server under load, started for it or found at an address.</summary>
/// <param name="CpuSeconds">CPU used so far by it and its database; null where that cannot be seen.</param>
/// <param name="LogIn">Makes or names a user who can say hello.</param>
public sealed record RunningServer(
    Uri Url,
    Func<double>? CpuSeconds,
    Func<int, Task<Login>> LogIn,
    Func<ValueTask> StopAsync
) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => StopAsync();
}

/// <param name="Name">As the command line and the table name it.</param>
/// <param name="Durability">What has happened when a message is acknowledged.</param>
/// <param name="Limit">The contestant that does the least work with the same durability: what ratios refer to.</param>
public sealed record Contestant(string Name, string Durability, string Limit, Func<Task<RunningServer>> StartAsync);

public static class Contestants
{
    public static readonly string[] Names =
    [
        "chatnode-sqlite",
        "chatnode-postgres",
        "relay",
        "relay-sqlite",
        "relay-postgres",
    ];

    private const string SqliteFull = "SQLite WAL, synchronous=FULL";
    private const string PostgresOn = "PostgreSQL, synchronous_commit=on";

    public static Contestant Named(string name) =>
        name switch
        {
            "chatnode-sqlite" => new(name, SqliteFull, "relay-sqlite", () => StartChatNodeAsync(null)),
            "chatnode-postgres" => new(name, PostgresOn, "relay-postgres", () => WithPostgresAsync(StartChatNodeAsync)),
            "relay" => new(name, "none: memory only", name, () => StartRelayAsync("none", null)),
            "relay-sqlite" => new(name, SqliteFull, name, () => StartRelayAsync("sqlite", null)),
            "relay-postgres" => new(
                name,
                PostgresOn,
                name,
                () => WithPostgresAsync(database => StartRelayAsync("postgres", database))
            ),
            _ => throw new ArgumentException($"No contestant '{name}': {string.Join(", ", Names)}", nameof(name)),
        };

    /// <summary>A server somebody else started.</summary>
    public static Contestant At(Uri url, int? pid) =>
        new(
            $"{url}",
            "as that server is set",
            $"{url}",
            () =>
                Task.FromResult(
                    new RunningServer(
                        url,
                        pid is { } id ? () => ProcessCpu.OfTree(id) : null,
                        user => SignUpAsync(url, user),
                        () => ValueTask.CompletedTask
                    )
                )
        );

    // Each has a cluster of its own: what one does to its database while idle must not count as another's CPU.
    private static async Task<RunningServer> WithPostgresAsync(Func<PostgresCluster, Task<RunningServer>> startAsync)
    {
        var database = await PostgresCluster.StartAsync();
        try
        {
            var server = await startAsync(database);
            return server with
            {
                CpuSeconds = () => server.CpuSeconds!() + ProcessCpu.OfTree(database.Id),
                StopAsync = async () =>
                {
                    await server.DisposeAsync();
                    await database.DisposeAsync();
                },
            };
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<RunningServer> StartChatNodeAsync(PostgresCluster? database)
    {
        // Long enough for any run, so that no session ends for want of a new token.
        var settings = new Dictionary<string, string> { ["ChatAi__Auth__AccessTokenSeconds"] = "86400" };
        if (database is not null)
        {
            settings["ChatAi__Database"] = "postgres";
            settings["ChatAi__Auth__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            settings["ConnectionStrings__ChatAi"] = await database.CreateDatabaseAsync();
        }

        var server = await ServerProcess.StartAsync(settings);
        return new RunningServer(
            server.Url,
            () => ProcessCpu.OfTree(server.Id),
            user => SignUpAsync(server.Url, user),
            server.DisposeAsync
        );
    }

    private static async Task<RunningServer> StartRelayAsync(string store, PostgresCluster? database)
    {
        var url = new Uri($"http://127.0.0.1:{ChildProcess.FreePort()}");
        var folder = Directory.CreateTempSubdirectory("chatai-relay-").FullName;
        var data = database is null ? Path.Combine(folder, "relay.db") : await database.CreateDatabaseAsync();
        var relay = ChildProcess.StartDotnet(
            Assembly.GetExecutingAssembly().Location,
            ["relay", "--url", $"{url}", "--store", store, "--data", data]
        );
        await WaitUntilReadyAsync(relay, url);
        return new RunningServer(
            url,
            () => ProcessCpu.OfTree(relay.Id),
            _ =>
            {
                var user = Guid.CreateVersion7();
                return Task.FromResult(new Login(user, $"{user}"));
            },
            async () =>
            {
                await relay.DisposeAsync();
                Directory.Delete(folder, recursive: true);
            }
        );
    }

    private static async Task<Login> SignUpAsync(Uri url, int user)
    {
        var signedUp = await TestUser.SignUpAsync(url, $"load {user}");
        return new Login(signedUp.Id, signedUp.Tokens.AccessToken);
    }

    private static async Task WaitUntilReadyAsync(ChildProcess child, Uri url)
    {
        var api = new ChatApi(url);
        while (true)
        {
            try
            {
                using var answer = await api.SendRawAsync(HttpMethod.Get, "/health/ready");
                return;
            }
            catch (HttpRequestException) when (!child.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
