using ChatAi.Testing;
using Xunit.Abstractions;

namespace ChatAi.EndToEnd.Tests.Crash;

/// <summary>kill -9 at any moment under load: nothing acknowledged is lost or doubled, and everything agrees.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 4;

    [Fact]
    public async Task Should_keep_every_acknowledged_message_once_through_kill_9_under_load()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var server = await ServerProcess.StartAsync();
        var people = new List<TestUser>();
        foreach (var name in new[] { "ada", "bob", "cleo", "dan", "eve", "fay" })
            people.Add(await TestUser.SignUpAsync(server.Url, name));
        var group = (await people[0].Api.CreateChatAsync("group", people.Select(p => p.Id), "all")).Id;
        var loads = new List<CrashLoad>();
        for (var i = 0; i < people.Count; i++)
        {
            var pair = await people[i].Api.CreateChatAsync("1_to_1", [people[i ^ 1].Id]);
            loads.Add(new CrashLoad(people[i], [group, pair.Id], random.Next()));
        }

        for (var round = 0; round < Rounds; round++)
        {
            await KillAfterAsync(server, loads, answers: random.Next(40, 400));
            await server.RestartAsync();
        }
        foreach (var load in loads)
            await load.FinishAsync();

        var acknowledged = loads.SelectMany(load => load.Acknowledged).ToList();
        output.WriteLine($"{acknowledged.Count} messages acknowledged over {Rounds} kills");
        foreach (var chat in acknowledged.Select(a => a.Chat).Distinct())
        {
            var member = loads.First(load => load.Attempts.Any(a => a.Chat == chat)).User;
            await CheckChatAsync(server, member, chat, [.. acknowledged.Where(a => a.Chat == chat)]);
        }
        foreach (var load in loads)
            await CheckRepeatsAsync(load);
        await CheckRunsAsync(server, acknowledged.Count(a => a.AsksAssistant));
        await CheckReadTablesAsync(server, acknowledged);
    }

    private static async Task KillAfterAsync(ServerProcess server, List<CrashLoad> loads, int answers)
    {
        var left = answers;
        await Task.WhenAll(
            loads.Select(load =>
                Task.Run(() =>
                    load.RunUntilGoneAsync(() =>
                    {
                        if (Interlocked.Decrement(ref left) == 0)
                            server.Kill9();
                    })
                )
            )
        );
    }

    private static async Task CheckChatAsync(ServerProcess server, TestUser member, Guid chat, List<Attempt> sent)
    {
        var byCid = new Dictionary<Guid, MessageInfo>();
        for (long after = 0; ; )
        {
            var page = await member.Api.MessagesAsync(chat, after: after, limit: 100);
            foreach (var message in page.Messages)
                Assert.True(byCid.TryAdd(message.Cid!.Value, message), $"{message.Cid} is there twice");
            if (!page.HasMore)
                break;
            after = page.Messages[^1].Seq;
        }
        foreach (var attempt in sent)
        {
            var message = byCid[attempt.Cid];
            Assert.Equal((attempt.Answer!.Seq, attempt.Answer.Msg), (message.Seq, message.Msg));
            Assert.Equal(attempt.Text, message.Text);
        }

        await using var client = await member.ConnectAsync();
        var numbers = new List<long>();
        while (true)
        {
            var page = await client.RequestAsync(
                "sync.get",
                new
                {
                    chat,
                    after = numbers.LastOrDefault(),
                    limit = 200,
                }
            );
            numbers.AddRange(page.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("seq").GetInt64()));
            if (!page.GetProperty("has_more").GetBoolean())
                break;
        }
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
        Assert.False(server.HasExited);
    }

    private static async Task CheckRepeatsAsync(CrashLoad load)
    {
        await using var client = await load.User.ConnectAsync();
        foreach (var attempt in load.Acknowledged)
        {
            var again = await client.SendAsync(attempt.Chat, attempt.Text, attempt.Cid);
            Assert.Equal(attempt.Answer! with { Dup = true }, again);
        }
    }

    // Every request to the assistant ends: in one answer, or visibly failed.
    private static async Task CheckRunsAsync(ServerProcess server, int asked)
    {
        var deadline = Task.Delay(TimeSpan.FromSeconds(90));
        IReadOnlyList<ReadTables.Run> runs;
        while ((runs = ReadTables.Runs(server.DataDir)).Count < asked || runs.Any(run => !run.Ended))
        {
            Assert.False(deadline.IsCompleted, $"Open after 90 s: {string.Join(", ", runs.Where(run => !run.Ended))}");
            await Task.Delay(100);
        }
        Assert.All(runs, run => Assert.Equal(run.Status == "done" ? 1 : 0, run.Messages));
        Assert.Contains(runs, run => run.Status == "done");
    }

    private static async Task CheckReadTablesAsync(ServerProcess server, List<Attempt> acknowledged)
    {
        // A summary that is written while the server ends is in the journal before it is in the tables.
        var deadline = Task.Delay(TimeSpan.FromSeconds(60));
        while (ReadTables.OpenRuns(server.DataDir) > 0)
        {
            Assert.False(deadline.IsCompleted, "Runs are open after 60 s.");
            await Task.Delay(100);
        }
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromSeconds(20));
        foreach (var chat in acknowledged.GroupBy(a => a.Chat))
        {
            var rows = ReadTables.Messages(server.DataDir, chat.Key).ToDictionary(row => row.Cid);
            Assert.All(chat, a => Assert.Equal((a.Answer!.Seq, a.Text), (rows[a.Cid].Seq, rows[a.Cid].Text)));
        }
        var projected = ReadTables.Dump(server.DataDir);
        await server.RunCommandAsync("rebuild");
        Assert.Equal(projected, ReadTables.Dump(server.DataDir));
    }
}
