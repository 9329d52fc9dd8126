using System.Diagnostics;
using ChatAi.Testing;
using ChatAi.Testing.Models;

namespace ChatAi.EndToEnd.Tests.Assistant;

/// <summary>The assistant with a model behind HTTP, whose every word the test decides.</summary>
public sealed class ModelTests() : WithModel(("ChatAi__Ai__QueueLength", "1"))
{
    private async Task<ModelCall> AskAsync()
    {
        await Scene.TalkAsync("The release is on Friday at noon.");
        await Scene.BobsSocket.SendAsync(Scene.Chat, "@AI when is the release?");
        return await Model.NextCallAsync();
    }

    private Task<ChatEvent> StartedAsync() => Scene.BobsSocket.WaitForAsync(e => e.Ev == "ai.started");

    [Fact]
    public async Task Should_stream_a_models_words_and_post_what_holds()
    {
        var call = await AskAsync();
        Assert.Contains("The release is on Friday at noon.", call.Prompt, StringComparison.Ordinal);
        await call.SayAsync("The release is on Friday");
        var first = await Scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.delta");
        Assert.Equal((0, "The release is on Friday"), (first.Field("off")!.Value.GetInt32(), first.Text));
        await call.SayAsync(" at noon [#2, #99].");
        await call.FinishAsync();
        var answer = await Scene.AnnsSocket.AnswerAsync(Scene.Chat);
        Assert.Equal([2L], answer.Cites);
        Assert.DoesNotContain("99", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_stop_the_model_on_cancel_and_post_nothing_while_people_talk_on()
    {
        var call = await AskAsync();
        await call.SayAsync("The release");
        await Scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.delta");
        var meanwhile = await Scene.AnnsSocket.SendAsync(Scene.Chat, "Nobody waits for the assistant.");
        await Scene.BobsSocket.WaitForSeqAsync(Scene.Chat, meanwhile.Seq);
        var run = (await StartedAsync()).Run!.Value;

        var clock = Stopwatch.StartNew();
        await Scene.BobsSocket.RequestAsync("ai.cancel", new { run });
        await call.Aborted.WaitAsync(ChatClient.Patience);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal("cancelled", (await Scene.AnnsSocket.EndOfRunAsync(run)).StatusOf());

        // The worker is free again, and the next number is a person's.
        await Scene.BobsSocket.SendAsync(Scene.Chat, "@AI really?");
        var next = await Model.NextCallAsync();
        await next.SayAsync("I do not know.");
        await next.FinishAsync();
        var answer = await Scene.AnnsSocket.AnswerAsync(Scene.Chat);
        Assert.Equal(meanwhile.Seq + 2, answer.Seq);
    }

    [Fact]
    public async Task Should_quote_when_the_model_breaks_down()
    {
        var call = await AskAsync();
        await call.RefuseAsync(400, "{\"error\":{\"message\":\"no such model\"}}");
        var answer = await Scene.AnnsSocket.AnswerAsync(Scene.Chat);
        Assert.Contains("The release is on Friday at noon.", answer.Text, StringComparison.Ordinal);
        Assert.Equal([2L], answer.Cites);
    }

    [Fact]
    public async Task Should_quote_at_once_while_the_model_server_keeps_failing()
    {
        await Scene.TalkAsync("The release is on Friday at noon.");
        for (var i = 0; i < 5; i++)
        {
            var failing = (await Scene.AnnsSocket.AskAiAsync(Scene.Chat, "reply", "when is the release?")).Run;
            await (await Model.NextCallAsync()).RefuseAsync(400, "");
            Assert.Equal("done", (await Scene.AnnsSocket.EndOfRunAsync(failing)).StatusOf());
        }

        var run = (await Scene.AnnsSocket.AskAiAsync(Scene.Chat, "reply", "when is the release?")).Run;
        Assert.Equal("done", (await Scene.AnnsSocket.EndOfRunAsync(run)).StatusOf());
        Assert.False(Model.HasCall);
        var provenance = await Scene.Ann.Api.RunAsync(run);
        Assert.Equal("extractive (fallback of openai)", provenance.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task Should_refuse_visibly_what_the_queue_cannot_hold()
    {
        var call = await AskAsync();
        var waits = (await Scene.AnnsSocket.AskAiAsync(Scene.Chat, "reply", "and this?")).Run;
        var refused = (await Scene.AnnsSocket.AskAiAsync(Scene.Chat, "reply", "and that?")).Run;
        Assert.Equal("failed", (await Scene.AnnsSocket.EndOfRunAsync(refused)).StatusOf());
        await call.SayAsync("I do not know.");
        await call.FinishAsync();
        var second = await Model.NextCallAsync();
        Assert.Contains("and this?", second.Prompt, StringComparison.Ordinal);
        await second.SayAsync("Nor this.");
        await second.FinishAsync();
        Assert.Equal("done", (await Scene.AnnsSocket.EndOfRunAsync(waits)).StatusOf());
    }

    [Fact]
    public async Task Should_end_a_run_exactly_once_through_kill_9()
    {
        var call = await AskAsync();
        await call.SayAsync("The rel");
        await Scene.AnnsSocket.WaitForAsync(e => e.Ev == "ai.delta");
        var run = (await StartedAsync()).Run!.Value;
        Server.Kill9();
        await call.Aborted.WaitAsync(ChatClient.Patience);
        await Server.RestartAsync();
        // Nobody connects: the server itself finds the run again.
        var again = await Model.NextCallAsync(TimeSpan.FromSeconds(60));
        await again.SayAsync("The release is on Friday at noon [#2].");
        await again.FinishAsync();
        await using var ann = await Scene.Ann.ConnectAsync(new ChatClientOptions(Scene.AnnsSocket.Memory));
        Assert.Equal(run, (await ann.AnswerAsync(Scene.Chat)).Run);
        await ann.SendAsync(Scene.Chat, "Thanks.");
        var page = await ann.HistoryAsync(Scene.Chat);
        var answer = Assert.Single(page.Messages, m => m.IsAi);
        Assert.Equal(run, answer.Run);
        Assert.False(Model.HasCall);
    }
}
