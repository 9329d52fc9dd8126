using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ChatAi.EndToEnd.Tests.Crash;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A planted secret that the rolling summary, a shared block and a catch-up quote: unreadable when it is taken back.</summary>
public sealed class BlockSecretsTests
{
    private const int Before = 60;
    private const int After = 180;

    // Nothing is made anew by the sweeper meanwhile: what is read is what the change left.
    private static readonly Dictionary<string, string> NoSweeper = new() { ["ChatAi__Ai__SweepSeconds"] = "3600" };

    private readonly string _secret = "zq" + RandomNumberGenerator.GetHexString(10, lowercase: true);

    [Theory]
    [InlineData("message.edit")]
    [InlineData("message.delete")]
    [InlineData("leave")]
    public async Task Should_be_unreadable_at_once(string change)
    {
        await using var server = await ServerProcess.StartAsync(NoSweeper);
        await CheckAsync(server, change, () => Task.FromResult(ReadTables.Dump(server.DataDir)));
    }

    [SkippableFact]
    public async Task Should_be_unreadable_at_once_on_postgres()
    {
        Skip.If(PostgresCluster.Programs() is null, "PostgreSQL is not installed here.");
        await using var postgres = await PostgresCluster.StartAsync(durable: false);
        var database = await postgres.CreateDatabaseAsync();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>(NoSweeper)
            {
                ["ChatAi__Database"] = "postgres",
                ["ConnectionStrings__ChatAi"] = database,
                ["ChatAi__Auth__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            }
        );
        await CheckAsync(server, "message.delete", () => DumpAsync(database));
    }

    private async Task CheckAsync(ServerProcess server, string change, Func<Task<IReadOnlyList<string>>> dump)
    {
        await using var scene = await Scene.OpenAsync(server.Url);
        var (chat, ann, bob) = (scene.Chat, scene.Ann.Api, scene.Bob.Api);
        var planted = await FillAsync(scene);
        var summary = await SummaryAsync(bob, chat);
        Assert.Contains(_secret, summary.RollingSummaryText, StringComparison.Ordinal);
        var run = (await scene.BobsSocket.AskAiAsync(chat, "catchup")).Run;
        Assert.Contains(_secret, (await scene.BobsSocket.EndOfRunAsync(run)).Text, StringComparison.Ordinal);
        Assert.Contains(_secret, (await bob.RunAsync(run)).ToString(), StringComparison.Ordinal);
        var before = await dump();
        foreach (var table in new[] { "ai_blocks", "ai_cache_contexts", "ai_runs" })
            Assert.Contains(before, line => line.StartsWith(table, StringComparison.Ordinal) && Has(line));

        if (change == "leave")
        {
            await ann.RemoveMemberAsync(chat, scene.Bob.Id);
            await NotFoundAsync(bob.SummaryAsync(chat));
            await NotFoundAsync(bob.RunAsync(run));
            await NotFoundAsync(scene.BobsSocket.RequestAsync("ai.snapshot", new { run }));
            await NotFoundAsync(scene.BobsSocket.RequestAsync("history.get", new { chat }));
            await ann.AddMembersAsync(chat, [scene.Bob.Id]);
        }
        else
        {
            await scene.AnnsSocket.RequestAsync(change, Change(change, chat, planted));
        }

        await NotFoundAsync(bob.SummaryAsync(chat));
        var withdrawn = await bob.RunAsync(run);
        Assert.True(withdrawn.GetProperty("withdrawn").GetBoolean());
        var read = new List<string>
        {
            withdrawn.ToString(),
            (await scene.BobsSocket.RequestAsync("ai.snapshot", new { run })).ToString(),
            (await scene.BobsSocket.RequestAsync("history.get", new { chat, after = planted - 1 })).ToString(),
            (await scene.BobsSocket.RequestAsync("chat.list", new { })).ToString(),
            (await bob.CallAsync(HttpMethod.Get, $"/v1/chats/{chat}/messages?after={planted - 1}")).ToString(),
            (await scene.BobsSocket.RequestAsync("sync.get", new { chat, after = planted - 1 })).ToString(),
        };
        var again = (await scene.BobsSocket.AskAiAsync(chat, "catchup")).Run;
        read.Add((await scene.BobsSocket.EndOfRunAsync(again)).ToString()!);
        read.Add((await bob.RunAsync(again)).ToString());
        Assert.DoesNotContain(read, Has);
        // Who stayed may still read the message of a chat that somebody left; Bob's answers are gone in any case.
        var tables = change == "leave" ? ["ai_runs"] : new[] { "" };
        Assert.DoesNotContain(
            await dump(),
            line => Has(line) && tables.Any(t => line.StartsWith(t, StringComparison.Ordinal))
        );
    }

    private bool Has(string text) =>
        text.Contains(_secret, StringComparison.Ordinal)
        || text.Contains(Convert.ToHexString(Encoding.UTF8.GetBytes(_secret)), StringComparison.OrdinalIgnoreCase);

    private static object Change(string op, Guid chat, long seq) =>
        op == "message.edit"
            ? new
            {
                chat,
                seq,
                text = "Never mind.",
            }
            : new { chat, seq };

    /// <summary>One message worth quoting among many that are not; returns its number.</summary>
    private async Task<long> FillAsync(Scene scene)
    {
        await SmallTalkAsync(scene, Before);
        var said = $"The password of the vault in the harbour is {_secret}, ask the caretaker for the second key.";
        var planted = (await scene.AnnsSocket.SendAsync(scene.Chat, said)).Seq;
        await SmallTalkAsync(scene, After);
        return planted;
    }

    private static async Task SmallTalkAsync(Scene scene, int count)
    {
        foreach (var some in Enumerable.Range(1, count).Chunk(50))
            await Task.WhenAll(some.Select(i => scene.AnnsSocket.SendAsync(scene.Chat, i % 2 == 0 ? "ok" : "yes")));
    }

    /// <summary>What is made by itself has no event to wait for.</summary>
    private static async Task<SummaryInfo> SummaryAsync(ChatApi api, Guid chat)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                return await api.SummaryAsync(chat);
            }
            catch (ChatErrorException notYet) when (notYet.Code == "not_found")
            {
                await Task.Delay(100, late.Token);
            }
        }
    }

    private static async Task NotFoundAsync(Task asked) =>
        Assert.Equal("not_found", (await Assert.ThrowsAsync<ChatErrorException>(() => asked)).Code);

    /// <summary>All rows of the read tables as JSON, by PostgreSQL's own client.</summary>
    private static async Task<IReadOnlyList<string>> DumpAsync(string database)
    {
        var lines = new List<string>();
        foreach (
            var table in (string[])["ai_blocks", "ai_cache_contexts", "ai_runs", "messages", "chats", "chat_events"]
        )
        foreach (var row in (await QueryAsync(database, $"SELECT row_to_json(t) FROM {table} t")).Split('\n'))
            lines.Add($"{table}: {row}");
        return lines;
    }

    private static async Task<string> QueryAsync(string database, string sql)
    {
        var settings = database.Split(';').Select(part => part.Split('=')).ToDictionary(p => p[0], p => p[1]);
        var start = new ProcessStartInfo(Path.Combine(PostgresCluster.Programs()!, "psql"))
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (
            var argument in (string[])
                [
                    "-h",
                    settings["Host"],
                    "-p",
                    settings["Port"],
                    "-U",
                    settings["Username"],
                    "-d",
                    settings["Database"],
                    "-At",
                    "-c",
                    sql,
                ]
        )
            start.ArgumentList.Add(argument);
        using var psql = Process.Start(start)!;
        var output = await psql.StandardOutput.ReadToEndAsync();
        await psql.WaitForExitAsync();
        Assert.Equal(0, psql.ExitCode);
        return output;
    }
}
