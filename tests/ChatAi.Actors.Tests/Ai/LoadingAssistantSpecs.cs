using Akka.Routing;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Work;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;

namespace ChatAi.Actors.Tests.Ai;

public sealed class LoadingAssistantSpecs() : TestKit(AiSamples.Config)
{
    private readonly TaskCompletionSource<IAssistant> _load = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoadingAssistant Loading(Action? stop = null) => new("llama", 3, 50, _load.Task, stop ?? (() => { }));

    [Fact]
    public void Should_let_workers_ask_for_runs_only_when_the_model_is_there()
    {
        var pool = CreateTestProbe();
        var queue = CreateTestProbe();
        using var loading = Loading();

        AssistantHosting.Announce(pool, queue, loading);

        Assert.False(pool.HasMessages);
        _load.SetResult(new ExtractiveProvider());
        Assert.Equal(queue.Ref, ((AiWorker.UseQueue)pool.ExpectMsg<Broadcast>().Message).Queue);
    }

    [Fact]
    public async Task Should_answer_as_what_was_loaded()
    {
        using var loading = Loading();
        Assert.Equal(("llama", 3, 50), (loading.Name, loading.AtOnce, loading.ReplyLines));
        var request = new AssistantRequest(
            AiRunKind.Reply,
            "when is the release?",
            "Ann",
            null,
            [new TranscriptLine(1, Guid.Empty, "Bob", false, AiSamples.Start, "The release is on Friday.", null)],
            null
        );
        var answer = EndAsync(loading, request);
        Assert.False(answer.IsCompleted);

        // The model did not load: quotes answer, and say so.
        var quotes = new ExtractiveProvider();
        _load.SetResult(quotes);

        Assert.Equal(quotes.Name, (await answer)!.Provider);
        Assert.Equal(quotes.ReplyLines, loading.ReplyLines);
    }

    private static async Task<AssistantEnd?> EndAsync(IAssistant assistant, AssistantRequest request)
    {
        AssistantEnd? end = null;
        await foreach (var chunk in assistant.AnswerAsync(request, CancellationToken.None))
            end = chunk.End;
        return end;
    }

    [Fact]
    public async Task Should_forget_what_is_there_and_stop_what_is_not()
    {
        var stopped = 0;
        var loading = Loading(() => stopped++);
        loading.Forget(AiSamples.Chat(1));
        var model = new FakeAssistant();
        _load.SetResult(model);
        await loading.Ready;
        loading.Forget(AiSamples.Chat(2));

        loading.Dispose();

        Assert.Equal([AiSamples.Chat(2)], model.Forgotten);
        Assert.Equal(1, stopped);
    }
}
