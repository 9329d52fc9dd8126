using System.Security.Cryptography;
using System.Text.Json;
using ChatAi.EndToEnd.Tests.Crash;
using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>A planted secret: once its message is deleted or edited, nothing that was made from it can be read.</summary>
public sealed class SecretsTests : IAsyncLifetime
{
    private readonly string _secret = "zq" + RandomNumberGenerator.GetHexString(10, lowercase: true);
    private ModelServer _model = null!;
    private ServerProcess _server = null!;
    private Scene _scene = null!;
    private long _planted;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Ai__Provider"] = "openai",
                ["ChatAi__Ai__Endpoint"] = _model.Endpoint.ToString(),
                ["ChatAi__Ai__Model"] = "any",
            }
        );
        _scene = await Scene.OpenAsync(_server.Url);
        _planted = (await _scene.TalkAsync(Planted, "Lunch is at one."))[0];
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
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
        Assert.Contains(_secret, (await _scene.Ann.Api.RunAsync(open)).ToString(), StringComparison.Ordinal);
        Assert.Contains(_secret, (await _scene.Bob.Api.RunAsync(secretly)).ToString(), StringComparison.Ordinal);
        var running = (await _scene.BobsSocket.AskAiAsync(_scene.Chat, "reply", "the password?")).Run;
        var call = await _model.NextCallAsync();
        await call.SayAsync($"It is {_secret}");
        await _scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.delta" && e.Run == running);

        await ChangeAsync(edit);

        if (kill)
        {
            _server.Kill9();
            await _server.RestartAsync();
        }
        await CheckReadsAsync(open, secretly, running);
        if (!kill)
        {
            await call.SayAsync($" today [#{_planted}].");
            await call.FinishAsync();
        }
        var again = await _model.NextCallAsync();
        Assert.DoesNotContain(_secret, again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("Nobody said so.");
        await again.FinishAsync();
        await CheckReadsAsync(open, secretly, running);
        Assert.DoesNotContain(
            ReadTables.Dump(_server.DataDir),
            line => line.Contains(_secret, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Should_be_gone_for_who_left_even_when_they_come_back()
    {
        var secretly = await AskAsync(isPrivate: true);
        await _scene.Ann.Api.RemoveMemberAsync(_scene.Chat, _scene.Bob.Id);
        await NotFoundAsync(_scene.Bob.Api.RunAsync(secretly));
        await _scene.Ann.Api.AddMembersAsync(_scene.Chat, [_scene.Bob.Id]);

        var run = await _scene.Bob.Api.RunAsync(secretly);

        Assert.DoesNotContain(_secret, run.ToString(), StringComparison.Ordinal);
        Assert.True(run.GetProperty("withdrawn").GetBoolean());
    }

    [Fact]
    public async Task Should_cite_nothing_from_before_the_reader_came()
    {
        await _scene.Ann.Api.RemoveMemberAsync(_scene.Chat, _scene.Bob.Id);
        await _scene.Ann.Api.AddMembersAsync(_scene.Chat, [_scene.Bob.Id]);
        var after = _scene.BobsSocket.Seen.Count;
        var ask = new
        {
            chat = _scene.Chat,
            kind = "reply",
            prompt = "what is the password?",
        };
        var run = (await _scene.AnnsSocket.RequestAsync<RunStarted>("ai.ask", ask)).Run;
        var call = await _model.NextCallAsync();
        Assert.DoesNotContain(Planted, call.Prompt, StringComparison.Ordinal);
        // A model that says it all the same has it from nowhere that may be cited.
        await call.SayAsync(Said);
        await call.FinishAsync();
        var live = (await _scene.BobsSocket.AnswerAsync(_scene.Chat, after)).Field("cites");
        await _scene.BobsSocket.EndOfRunAsync(run);

        Assert.Empty(CitesOf(await _scene.Ann.Api.RunAsync(run)));
        Assert.Empty(CitesOf(await _scene.Bob.Api.RunAsync(run)));
        Assert.True(live is not { ValueKind: JsonValueKind.Array } cites || cites.GetArrayLength() == 0);
        foreach (var socket in new[] { _scene.AnnsSocket, _scene.BobsSocket })
        {
            var history = await socket.RequestAsync("history.get", new { chat = _scene.Chat });
            var sync = await socket.RequestAsync("sync.get", new { chat = _scene.Chat, after = 0 });
            Assert.DoesNotContain("\"cites\"", history.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("\"cites\"", sync.ToString(), StringComparison.Ordinal);
        }

        static IEnumerable<long> CitesOf(JsonElement run) =>
            run.TryGetProperty("cites", out var cites) ? cites.EnumerateArray().Select(seq => seq.GetInt64()) : [];
    }

    private async Task<Guid> AskAsync(bool isPrivate)
    {
        var run = (
            await _scene.BobsSocket.RequestAsync<RunStarted>(
                "ai.ask",
                new
                {
                    chat = _scene.Chat,
                    kind = "reply",
                    prompt = "what is the password?",
                    @private = isPrivate,
                }
            )
        ).Run;
        var call = await _model.NextCallAsync();
        await call.SayAsync(Said);
        await call.FinishAsync();
        Assert.Equal("done", (await _scene.BobsSocket.EndOfRunAsync(run)).StatusOf());
        return run;
    }

    private Task<JsonElement> ChangeAsync(bool edit) =>
        edit
            ? _scene.AnnsSocket.RequestAsync(
                "message.edit",
                new
                {
                    chat = _scene.Chat,
                    seq = _planted,
                    text = "Never mind.",
                }
            )
            : _scene.AnnsSocket.RequestAsync("message.delete", new { chat = _scene.Chat, seq = _planted });

    private async Task CheckReadsAsync(params Guid[] runs)
    {
        await using var socket = await _scene.Bob.ConnectAsync();
        var http = _scene.Bob.Api;
        var chat = _scene.Chat;
        var read = new List<string>();
        foreach (var run in runs)
        {
            read.Add((await http.RunAsync(run)).ToString());
            read.Add((await socket.RequestAsync("ai.snapshot", new { run })).ToString());
        }
        read.Add((await socket.RequestAsync("chat.list")).ToString());
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
