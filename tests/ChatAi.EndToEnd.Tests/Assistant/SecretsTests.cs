using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAi.EndToEnd.Tests.Crash;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A planted secret: once its message is deleted or edited, nothing that was made from it can be read.</summary>
public sealed class SecretsTests : WithModel
{
    private readonly string _secret = "zq" + RandomNumberGenerator.GetHexString(10, lowercase: true);
    private long _planted;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _planted = (await Scene.TalkAsync(Planted, "Lunch is at one."))[0];
    }

    private string Planted => $"The password of the vault is {_secret} today.";

    private string Said => $"Ann: The password of the vault is {_secret} today [#{_planted}].";

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Should_be_gone_everywhere_right_after_the_answer(bool edit, bool kill)
    {
        var open = await AskAsync(isPrivate: false);
        var secretly = await AskAsync(isPrivate: true);
        Assert.Contains(_secret, (await Scene.Ann.Api.RunAsync(open)).ToString(), StringComparison.Ordinal);
        Assert.Contains(_secret, (await Scene.Bob.Api.RunAsync(secretly)).ToString(), StringComparison.Ordinal);
        var running = (await Scene.BobsSocket.AskAiAsync(Scene.Chat, "reply", "the password?")).Run;
        var call = await Model.NextCallAsync();
        await call.SayAsync($"It is {_secret}");
        await Scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.delta" && e.Run == running);

        await ChangeAsync(edit);

        if (kill)
        {
            Server.Kill9();
            await Server.RestartAsync();
        }
        await CheckReadsAsync(open, secretly, running);
        if (!kill)
        {
            await call.SayAsync($" today [#{_planted}].");
            await call.FinishAsync();
        }
        var again = await Model.NextCallAsync();
        Assert.DoesNotContain(_secret, again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("Nobody said so.");
        await again.FinishAsync();
        await CheckReadsAsync(open, secretly, running);
        Assert.DoesNotContain(
            ReadTables.Dump(Server.DataDir),
            line => line.Contains(_secret, StringComparison.Ordinal)
        );
        await GoneFromFilesAsync();
    }

    // The redaction follows the projection; a killed one goes on where it was.
    private async Task GoneFromFilesAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (FilesWithSecret() is { Count: > 0 } files)
        {
            if (late.IsCancellationRequested)
                Assert.Fail($"The secret is still in {string.Join(", ", files)}.");
            await Task.Delay(50);
        }
    }

    private List<string> FilesWithSecret() =>
        [
            .. Directory
                .GetFiles(Server.DataDir, "*.db*")
                .Where(file =>
                {
                    using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                    using var reader = new StreamReader(stream, Encoding.Latin1);
                    return reader.ReadToEnd().Contains(_secret, StringComparison.Ordinal);
                }),
        ];

    [Fact]
    public async Task Should_be_gone_for_who_left_even_when_they_come_back()
    {
        var secretly = await AskAsync(isPrivate: true);
        await Scene.Ann.Api.RemoveMemberAsync(Scene.Chat, Scene.Bob.Id);
        await NotFoundAsync(Scene.Bob.Api.RunAsync(secretly));
        await Scene.Ann.Api.AddMembersAsync(Scene.Chat, [Scene.Bob.Id]);

        var run = await Scene.Bob.Api.RunAsync(secretly);

        Assert.DoesNotContain(_secret, run.ToString(), StringComparison.Ordinal);
        Assert.True(run.GetProperty("withdrawn").GetBoolean());
    }

    [Fact]
    public async Task Should_cite_nothing_from_before_the_reader_came()
    {
        await Scene.Ann.Api.RemoveMemberAsync(Scene.Chat, Scene.Bob.Id);
        await Scene.Ann.Api.AddMembersAsync(Scene.Chat, [Scene.Bob.Id]);
        var after = Scene.BobsSocket.Seen.Count;
        var ask = new
        {
            chat = Scene.Chat,
            kind = "reply",
            prompt = "what is the password?",
        };
        var run = (await Scene.AnnsSocket.RequestAsync<RunStarted>("ai.ask", ask)).Run;
        var call = await Model.NextCallAsync();
        Assert.DoesNotContain(Planted, call.Prompt, StringComparison.Ordinal);
        // A model that says it all the same has it from nowhere that may be cited.
        await call.SayAsync(Said);
        await call.FinishAsync();
        var live = (await Scene.BobsSocket.AnswerAsync(Scene.Chat, after)).Field("cites");
        await Scene.BobsSocket.EndOfRunAsync(run);

        Assert.Empty(CitesOf(await Scene.Ann.Api.RunAsync(run)));
        Assert.Empty(CitesOf(await Scene.Bob.Api.RunAsync(run)));
        Assert.True(live is not { ValueKind: JsonValueKind.Array } cites || cites.GetArrayLength() == 0);
        foreach (var socket in new[] { Scene.AnnsSocket, Scene.BobsSocket })
        {
            var history = await socket.RequestAsync("history.get", new { chat = Scene.Chat });
            var sync = await socket.RequestAsync("sync.get", new { chat = Scene.Chat, after = 0 });
            Assert.DoesNotContain("\"cites\"", history.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("\"cites\"", sync.ToString(), StringComparison.Ordinal);
        }

        static IEnumerable<long> CitesOf(JsonElement run) =>
            run.TryGetProperty("cites", out var cites) ? cites.EnumerateArray().Select(seq => seq.GetInt64()) : [];
    }

    private async Task<Guid> AskAsync(bool isPrivate)
    {
        var run = (
            await Scene.BobsSocket.RequestAsync<RunStarted>(
                "ai.ask",
                new
                {
                    chat = Scene.Chat,
                    kind = "reply",
                    prompt = "what is the password?",
                    @private = isPrivate,
                }
            )
        ).Run;
        var call = await Model.NextCallAsync();
        await call.SayAsync(Said);
        await call.FinishAsync();
        Assert.Equal("done", (await Scene.BobsSocket.EndOfRunAsync(run)).StatusOf());
        return run;
    }

    private Task<JsonElement> ChangeAsync(bool edit) =>
        edit
            ? Scene.AnnsSocket.RequestAsync(
                "message.edit",
                new
                {
                    chat = Scene.Chat,
                    seq = _planted,
                    text = "Never mind.",
                }
            )
            : Scene.AnnsSocket.RequestAsync("message.delete", new { chat = Scene.Chat, seq = _planted });

    private async Task CheckReadsAsync(params Guid[] runs)
    {
        await using var socket = await Scene.Bob.ConnectAsync();
        var http = Scene.Bob.Api;
        var chat = Scene.Chat;
        var read = new List<string>();
        foreach (var run in runs)
        {
            read.Add((await http.RunAsync(run)).ToString());
            read.Add((await socket.RequestAsync("ai.snapshot", new { run })).ToString());
        }
        read.Add((await socket.RequestAsync("chat.list", new { })).ToString());
        read.Add((await socket.RequestAsync("chat.get", new { chat })).ToString());
        read.Add((await socket.RequestAsync("history.get", new { chat })).ToString());
        read.Add((await http.CallAsync(HttpMethod.Get, "/v1/chats")).ToString());
        read.Add((await http.CallAsync(HttpMethod.Get, $"/v1/chats/{chat}/messages")).ToString());
        await NotFoundAsync(http.SummaryAsync(chat));
        var events = (await socket.RequestAsync("sync.get", new { chat, after = 0 })).GetProperty("events");
        read.Add(events.ToString());
        Assert.DoesNotContain(read, answer => answer.Contains(_secret, StringComparison.Ordinal));
    }

    private static async Task NotFoundAsync(Task asked) =>
        Assert.Equal("not_found", (await Assert.ThrowsAsync<ChatErrorException>(() => asked)).Code);
}
