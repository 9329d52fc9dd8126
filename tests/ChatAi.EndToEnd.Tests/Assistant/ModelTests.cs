using System.Diagnostics;
using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>The assistant with a model behind HTTP, whose every word the test decides.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private ModelServer _model = null!;
    private ServerProcess _server = null!;
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _model = await ModelServer.StartAsync();
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Ai__Provider"] = "openai",
                ["ChatAi__Ai__Endpoint"] = _model.Endpoint.ToString(),
                ["ChatAi__Ai__Model"] = "any",
                ["ChatAi__Ai__QueueLength"] = "1",
            }
        );
        _scene = await Scene.OpenAsync(_server.Url);
    }

    public async Task DisposeAsync()
    {
        await _scene.DisposeAsync();
        await _server.DisposeAsync();
        await _model.DisposeAsync();
    }

    private async Task<ModelCall> AskAsync()
    {
        await _scene.TalkAsync("The release is on Friday at noon.");
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI when is the release?");
        return await _model.NextCallAsync();
    }

    private Task<ChatEvent> StartedAsync() => _scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.started");

    [Fact]
    public async Task Should_stream_a_models_words_and_post_what_holds()
    {
        var call = await AskAsync();
        Assert.Contains("The release is on Friday at noon.", call.Prompt, StringComparison.Ordinal);
        await call.SayAsync("The release is on Friday");
        var first = await _scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.delta");
        Assert.Equal((0, "The release is on Friday"), (first.Field("off")!.Value.GetInt32(), first.Text));
        await call.SayAsync(" at noon [#2, #99].");
        await call.FinishAsync();
        var answer = await _scene.AnnsSocket.AnswerAsync(_scene.Chat);
        Assert.Equal([2L], answer.Cites);
        Assert.DoesNotContain("99", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_stop_the_model_on_cancel_and_post_nothing_while_people_talk_on()
    {
        var call = await AskAsync();
        await call.SayAsync("The release");
        await _scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.delta");
        var meanwhile = await _scene.AnnsSocket.SendAsync(_scene.Chat, "Nobody waits for the assistant.");
        await _scene.BobsSocket.WaitForSeqAsync(_scene.Chat, meanwhile.Seq);
        var run = (await StartedAsync()).Run!.Value;

        var clock = Stopwatch.StartNew();
        await _scene.BobsSocket.RequestAsync("ai.cancel", new { run });
        await call.Aborted.WaitAsync(ChatClient.Patience);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal("cancelled", (await _scene.AnnsSocket.EndOfRunAsync(run)).StatusOf());

        // The worker is free again, and the next number is a person's.
        await _scene.BobsSocket.SendAsync(_scene.Chat, "@AI really?");
        var next = await _model.NextCallAsync();
        await next.SayAsync("I do not know.");
        await next.FinishAsync();
        var answer = await _scene.AnnsSocket.AnswerAsync(_scene.Chat);
        Assert.Equal(meanwhile.Seq + 2, answer.Seq);
    }

    [Fact]
    public async Task Should_quote_when_the_model_breaks_down()
    {
        var call = await AskAsync();
        await call.RefuseAsync(400, "{\"error\":{\"message\":\"no such model\"}}");
        var answer = await _scene.AnnsSocket.AnswerAsync(_scene.Chat);
        Assert.Contains("The release is on Friday at noon.", answer.Text, StringComparison.Ordinal);
        Assert.Equal([2L], answer.Cites);
    }

    [Fact]
    public async Task Should_quote_at_once_while_the_model_server_keeps_failing()
    {
        await _scene.TalkAsync("The release is on Friday at noon.");
        for (var i = 0; i < 5; i++)
        {
            var failing = (await _scene.AnnsSocket.AskAiAsync(_scene.Chat, "reply", "when is the release?")).Run;
            await (await _model.NextCallAsync()).RefuseAsync(400, "");
            Assert.Equal("done", (await _scene.AnnsSocket.EndOfRunAsync(failing)).StatusOf());
        }

        var run = (await _scene.AnnsSocket.AskAiAsync(_scene.Chat, "reply", "when is the release?")).Run;
        Assert.Equal("done", (await _scene.AnnsSocket.EndOfRunAsync(run)).StatusOf());
        Assert.False(_model.HasCall);
        var provenance = await _scene.Ann.Api.RunAsync(run);
        Assert.Equal("extractive (fallback of openai)", provenance.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task Should_refuse_visibly_what_the_queue_cannot_hold()
    {
        var call = await AskAsync();
        var waits = (await _scene.AnnsSocket.AskAiAsync(_scene.Chat, "reply", "and this?")).Run;
        var refused = (await _scene.AnnsSocket.AskAiAsync(_scene.Chat, "reply", "and that?")).Run;
        Assert.Equal("failed", (await _scene.AnnsSocket.EndOfRunAsync(refused)).StatusOf());
        await call.SayAsync("I do not know.");
        await call.FinishAsync();
        var second = await _model.NextCallAsync();
        Assert.Contains("and this?", second.Prompt, StringComparison.Ordinal);
        await second.SayAsync("Nor this.");
        await second.FinishAsync();
        Assert.Equal("done", (await _scene.AnnsSocket.EndOfRunAsync(waits)).StatusOf());
    }

    [Fact]
    public async Task Should_end_a_run_exactly_once_through_kill_9()
    {
        var call = await AskAsync();
        await call.SayAsync("The rel");
        await _scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.delta");
        var run = (await StartedAsync()).Run!.Value;
        _server.Kill9();
        await call.Aborted.WaitAsync(ChatClient.Patience);
        await _server.RestartAsync();
        // Nobody connects: the server itself finds the run again.
        var again = await _model.NextCallAsync(TimeSpan.FromSeconds(60));
        await again.SayAsync("The release is on Friday at noon [#2].");
        await again.FinishAsync();
        await using var ann = await _scene.Ann.ConnectAsync(new ChatClientOptions(_scene.AnnsSocket.Memory));
        Assert.Equal(run, (await ann.AnswerAsync(_scene.Chat)).Run);
        await ann.SendAsync(_scene.Chat, "Thanks.");
        var page = await ann.HistoryAsync(_scene.Chat);
        var answer = Assert.Single(page.Messages, m => m.IsAi);
        Assert.Equal(run, answer.Run);
        Assert.False(_model.HasCall);
    }
}
