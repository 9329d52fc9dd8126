using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using ChatAi.Bench.Delivery;
using ChatAi.Testing;

namespace ChatAi.Bench.Capacity;

public sealed record CapacityPlan(int IdleUsers, double Rate, int Messages, int Runs)
{
    /// <summary>Those who talk, in pairs.</summary>
    public int Talkers => 200;

    public int TextBytes => 100;
}

/// <param name="BytesPerIdleUser">Of the server's memory, for a user with a socket, a 1:1 chat and nothing to say.</param>
/// <param name="NodeCpu">Seconds for 1,000 messages.</param>
/// <param name="DatabaseCpu">Seconds for 1,000 messages.</param>
/// <param name="RunsPerHour">Of one worker.</param>
/// <param name="RunCpu">Seconds of one run.</param>
public sealed record CapacityResult(
    double BytesPerIdleUser,
    long Delivered,
    double DeliveryP99,
    double NodeCpu,
    double DatabaseCpu,
    StorageLook Before,
    StorageLook After,
    double RunsPerHour,
    double RunCpu
);

public static class CapacityBenchmark
{
    private const int ChatMessages = 100;

    public static async Task<CapacityResult> RunAsync(CapacityPlan plan)
    {
        await using var database = await PostgresCluster.StartAsync();
        var connection = await database.CreateDatabaseAsync();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Auth__AccessTokenSeconds"] = "86400",
                ["ChatAi__Database"] = "postgres",
                ["ChatAi__Auth__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["ConnectionStrings__ChatAi"] = connection,
                ["ChatAi__Ai__Workers"] = "1",
            }
        );
        await using var talkers = await LoadFleet.ConnectAsync(server.Url, await SignUpAsync(server.Url, plan.Talkers));
        await LoadAsync(talkers, plan, plan.Rate / 2, 10);
        Say("warm");

        var idle = await SignUpAsync(server.Url, plan.IdleUsers);
        var before = Rss(server.Id);
        await using var silent = await LoadFleet.ConnectAsync(server.Url, idle);
        var grown = Rss(server.Id) - before;
        Say("idle users connected");

        await SettleAsync(connection);
        var look = await StorageLook.TakeAsync(connection);
        var (node, store) = (ProcessCpu.OfTree(server.Id), ProcessCpu.OfTree(database.Id));
        var load = await LoadAsync(talkers, plan, plan.Rate, plan.Messages / plan.Rate);
        await SettleAsync(connection);
        (node, store) = (ProcessCpu.OfTree(server.Id) - node, ProcessCpu.OfTree(database.Id) - store);
        var after = await StorageLook.TakeAsync(connection);
        Say("messages stored");

        var (perHour, cpu) = await AskAsync(server, plan.Runs);
        return new CapacityResult(
            (double)grown / plan.IdleUsers,
            load.Delivered,
            load.Delivery.P99,
            node * 1000 / load.Delivered,
            store * 1000 / load.Delivered,
            look,
            after,
            perHour,
            cpu
        );
    }

    private static async Task<RunResult> LoadAsync(LoadFleet fleet, CapacityPlan plan, double rate, double seconds)
    {
        var run = await LoadRun.RunAsync(fleet, null, rate, seconds, plan.TextBytes);
        return run.Void || run.Saturated || run.Refused > 0
            ? throw new InvalidOperationException($"At {rate:0}/s: {run.Verdict}. Try a lower --rate.")
            : run;
    }

    private static async Task<Login[]> SignUpAsync(Uri url, int users)
    {
        var logins = new Login[users];
        await Parallel.ForAsync(
            0,
            users,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (user, _) =>
            {
                var signedUp = await TestUser.SignUpAsync(url, $"user {user}");
                logins[user] = new Login(signedUp.Id, signedUp.Tokens.AccessToken);
            }
        );
        return logins;
    }

    // Until the read tables have every message of the journal.
    private static async Task SettleAsync(string connection)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (
            await StorageLook.ScalarAsync(connection, "SELECT count(*) FROM messages")
            < await StorageLook.ScalarAsync(
                connection,
                "SELECT count(*) FROM journal WHERE manifest = 'chat.message-sent.v1'"
            )
        )
            await Task.Delay(250, late.Token);
    }

    /// <summary>Catch-ups on chats of a hundred messages, one after the other, by the provider that needs no model.</summary>
    private static async Task<(double PerHour, double Cpu)> AskAsync(ServerProcess server, int runs)
    {
        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        var bob = await TestUser.SignUpAsync(server.Url, "Bob");
        var chat = (await ann.Api.CreateChatAsync("group", [bob.Id], "Plans")).Id;
        for (var i = 0; i < ChatMessages; i++)
            await ann.Api.SendAsync(
                chat,
                $"On day {i} we meet at {i % 12} o'clock in room {i * 7 % 31} and decide on plan {i}."
            );
        await RunAsync(bob, chat);
        var (clock, cpu) = (Stopwatch.StartNew(), ProcessCpu.OfTree(server.Id));
        for (var i = 0; i < runs; i++)
            await RunAsync(bob, chat);
        cpu = ProcessCpu.OfTree(server.Id) - cpu;
        return (runs / clock.Elapsed.TotalHours, cpu / runs);
    }

    private static async Task RunAsync(TestUser user, Guid chat)
    {
        var run = (await user.Api.AskAsync(chat, "catchup", isPrivate: true)).Run;
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await user.Api.RunAsync(run)).GetProperty("status").GetString() is "queued" or "running")
            await Task.Delay(5, late.Token);
    }

    private static long Rss(int process) =>
        long.Parse(
            File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        ) * 1024;

    private static void Say(string what) => Console.Error.WriteLine(what);
}
