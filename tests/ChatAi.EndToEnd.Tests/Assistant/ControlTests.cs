using ChatAi.Shared.Domain;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>Who may call the assistant, and asking once more, over real sockets.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private ServerProcess _server = null!;
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync();
        _scene = await Scene.OpenAsync(_server.Url);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static async Task<string> CodeOfAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ChatErrorException>(call)).Code;

    [Fact]
    public async Task Should_hear_only_admins_where_the_group_wants_that()
    {
        await _scene.TalkAsync("The release is on Friday.", "Good.");
        var set = new { chat = _scene.Chat, ai_summon = "admins" };
        Assert.Equal(ErrorCode.Forbidden, await CodeOfAsync(() => _scene.BobsSocket.RequestAsync("chat.set", set)));
        var chat = await _scene.AnnsSocket.RequestAsync("chat.set", set);
        Assert.Equal("admins", chat.GetProperty("ai_summon").GetString());
        var policy = await _scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.policy" && e.Chat == _scene.Chat);
        Assert.Equal("admins", policy.Field("ai_summon")!.Value.GetString());
        Assert.False(policy.Field("ai_unasked")!.Value.GetBoolean());

        Assert.Equal(
            ErrorCode.Forbidden,
            await CodeOfAsync(() => _scene.BobsSocket.AskAiAsync(_scene.Chat, "reply", "when?"))
        );
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI when is the release?");
        var asked = await _scene.AnnsSocket.SendAsync(_scene.Chat, "@AI when is the release?");
        var answer = await _scene.BobsSocket.AnswerAsync(_scene.Chat);

        // Bob's came first: had it been heard, the first answer would be to his message.
        Assert.Equal(asked.Seq, answer.Field("reply_to")!.Value.GetInt64());
        var list = await _scene.Bob.Api.CallAsync(HttpMethod.Get, "/v1/chats");
        Assert.Equal("admins", list.GetProperty("chats")[0].GetProperty("ai_summon").GetString());
    }

    [Fact]
    public async Task Should_answer_a_question_to_nobody_where_the_group_wants_that()
    {
        await _scene.TalkAsync("The release is on Friday.");
        await _scene.AnnsSocket.RequestAsync("chat.set", new { chat = _scene.Chat, ai_unasked = true });
        var question = await _scene.BobsSocket.SendAsync(_scene.Chat, "When is the release?");

        var answer = await _scene.AnnsSocket.AnswerAsync(_scene.Chat);

        Assert.Equal(question.Seq, answer.Field("reply_to")!.Value.GetInt64());
        Assert.Contains("Friday", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_ask_once_more_and_keep_the_old_answer()
    {
        await _scene.TalkAsync("The release is on Friday.");
        await _scene.AnnsSocket.SendAsync(_scene.Chat, "@AI when is the release?");
        var first = await _scene.BobsSocket.AnswerAsync(_scene.Chat);
        await _scene.BobsSocket.EndOfRunAsync(first.Run!.Value);
        var seen = _scene.BobsSocket.Seen.Count;

        var started = await _scene.BobsSocket.RequestAsync<RunStarted>("ai.regenerate", new { run = first.Run });
        var second = await _scene.BobsSocket.AnswerAsync(_scene.Chat, seen);
        await _scene.BobsSocket.EndOfRunAsync(started.Run);

        Assert.Equal(started.Run, second.Run);
        Assert.NotEqual(first.Run, second.Run);
        Assert.Equal(first.Field("reply_to")!.Value.GetInt64(), second.Field("reply_to")!.Value.GetInt64());
        var run = await _scene.Bob.Api.RunAsync(started.Run);
        Assert.Equal(first.Run, run.GetProperty("regenerated_from").GetGuid());
        var history = await _scene.BobsSocket.HistoryAsync(_scene.Chat);
        Assert.Equal(2, history.Messages.Count(m => m.IsAi));
    }

    /// <summary>Nobody but the asker sees anything of a private run: no start, no words, no end, no state.</summary>
    [Fact]
    public async Task Should_keep_a_private_run_to_its_asker()
    {
        await _scene.TalkAsync("The release is on Friday.", "Good.");
        var run = (await _scene.AnnsSocket.AskAiAsync(_scene.Chat, "reply", "when is the release?", true)).Run;
        var ended = await _scene.AnnsSocket.EndOfRunAsync(run);
        Assert.Contains("Friday", ended.Text, StringComparison.Ordinal);

        Assert.Equal(
            ErrorCode.NotFound,
            await CodeOfAsync(() => _scene.BobsSocket.RequestAsync("ai.snapshot", new { run }))
        );
        Assert.Equal(ErrorCode.NotFound, await CodeOfAsync(() => _scene.Bob.Api.RunAsync(run)));
        Assert.Equal(
            ErrorCode.NotFound,
            await CodeOfAsync(() => _scene.BobsSocket.RequestAsync("ai.regenerate", new { run }))
        );
        Assert.Equal(
            ErrorCode.NotFound,
            await CodeOfAsync(() => _scene.BobsSocket.RequestAsync("ai.cancel", new { run }))
        );
        // Whatever the run had told Bob would have come before this.
        var last = await _scene.AnnsSocket.SendAsync(_scene.Chat, "bye");
        await _scene.BobsSocket.WaitForAsync(e => e.Ev == "message.created" && e.Seq == last.Seq);
        Assert.DoesNotContain(_scene.BobsSocket.Seen, e => e.Ev.StartsWith("ai.", StringComparison.Ordinal));
    }
}
