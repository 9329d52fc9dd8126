using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ChatAi.ChatNode.Ai;
using ChatAi.Shared.Domain;

namespace ChatAi.Actors.Tests.Ai;

/// <summary>A provider whose pieces the test hands out one by one.</summary>
internal sealed class FakeAssistant : IAssistant
{
    private readonly Channel<AssistantChunk> _chunks = Channel.CreateUnbounded<AssistantChunk>();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "fake";

    /// <summary>Makes the worker itself fail.</summary>
    public bool IsBroken { get; set; }

    public int ReplyLines => IsBroken ? throw new InvalidOperationException("Broken.") : 50;

    /// <summary>Completes when an answer has ended because its token was cancelled.</summary>
    public Task Stopped => _stopped.Task;

    public List<AssistantRequest> Requests { get; } = [];

    public void Say(string text) => _chunks.Writer.TryWrite(new AssistantChunk(text));

    public void Finish(string text, params long[] cites) =>
        _chunks.Writer.TryWrite(new AssistantChunk("", End(text, cites)));

    public void Fail(Exception reason) => _chunks.Writer.TryComplete(reason);

    public async IAsyncEnumerable<AssistantChunk> AnswerAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        lock (Requests)
            Requests.Add(request);
        try
        {
            while (true)
            {
                var chunk = await _chunks.Reader.ReadAsync(cancel);
                yield return chunk;
                if (chunk.End is not null)
                    yield break;
            }
        }
        finally
        {
            // Not by a callback of the token: the reading that it ends first could take the callback back.
            if (cancel.IsCancellationRequested)
                _stopped.TrySetResult();
        }
    }

    public AssistantEnd? EndOf(AssistantRequest request, string text) => text.Length == 0 ? null : End(text, []);

    public List<ChatId> Forgotten { get; } = [];

    public void Forget(ChatId chat)
    {
        lock (Forgotten)
            Forgotten.Add(chat);
    }

    private AssistantEnd End(string text, IReadOnlyList<long> cites) =>
        new(text, cites, Name, "model-1", null, "p1", 11, 22);
}
