using System.Runtime.CompilerServices;
using ChatAi.Shared.Domain.Ai;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>No model: quotes the telling messages, and says so.</summary>
public sealed class ExtractiveProvider : IAssistant
{
    private const int MaxQuotes = 12;
    private const int ChunkLength = 256;

    /// <summary>Changes whenever the same messages would be quoted otherwise.</summary>
    public const string QuotesVersion = "quotes.v1";

    public string Name => "extractive";

    // Quoting is cheap: a reply may find what was said long ago.
    public int ReplyLines => 2_000;

    public async IAsyncEnumerable<AssistantChunk> AnswerAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var answer = ExtractiveAssistant.Answer(
            new ExtractiveRequest(
                request.Kind,
                request.Prompt,
                request.PromptSeq,
                request.Lines,
                request.RollingSummary,
                MaxQuotes
            )
            {
                MoreMessages = request.MoreMessages,
            }
        );
        for (var at = 0; at < answer.Text.Length; at += ChunkLength)
        {
            cancel.ThrowIfCancellationRequested();
            yield return new AssistantChunk(answer.Text.Substring(at, Math.Min(ChunkLength, answer.Text.Length - at)));
            await Task.Yield();
        }
        yield return new AssistantChunk("", End(answer.Text, answer.Cites));
    }

    public AssistantEnd? EndOf(AssistantRequest request, string text) => null;

    private AssistantEnd End(string text, IReadOnlyList<long> cites) =>
        new(text, cites, Name, "none", null, QuotesVersion, 0, 0);
}

/// <summary>The provider <c>none</c>.</summary>
public sealed class NoAssistant : IAssistant
{
    public string Name => "none";

    public int ReplyLines => 0;

    public IAsyncEnumerable<AssistantChunk> AnswerAsync(AssistantRequest request, CancellationToken cancel) =>
        throw new AssistantDisabledException();

    public AssistantEnd? EndOf(AssistantRequest request, string text) => null;
}
