using ChatAi.Shared.Domain.Ai;

namespace ChatAi.ChatNode.Ai;

/// <summary>What a provider gets to answer with.</summary>
/// <param name="Lines">What the asker may see, oldest first; for a rolling summary the lines that are new to it.</param>
/// <param name="RollingSummary">The chat's rolling summary before these lines; null where there is none.</param>
/// <param name="PromptSeq">The message that asked; null when asked by <c>ai.ask</c>.</param>
public sealed record AssistantRequest(
    AiRunKind Kind,
    string Prompt,
    string AskerName,
    long? PromptSeq,
    IReadOnlyList<TranscriptLine> Lines,
    string? RollingSummary
);

/// <summary>A piece of an answer; the last one says what the answer rests on.</summary>
/// <param name="Text">To append; may be empty.</param>
/// <param name="End">Null on all but the last.</param>
public sealed record AssistantChunk(string Text, AssistantEnd? End = null);

/// <param name="Text">The whole answer after checks, which may differ from the streamed text.</param>
/// <param name="Cites">Numbers of the messages that it rests on.</param>
public sealed record AssistantEnd(
    string Text,
    IReadOnlyList<long> Cites,
    string Provider,
    string Model,
    string? ModelSha256,
    string PromptVersion,
    int TokensIn,
    int TokensOut
);

/// <summary>The seam between the assistant's scheduling and whatever writes its answers.</summary>
public interface IAssistant
{
    string Name { get; }

    /// <summary>Streams one answer. Cancelling stops the model. Throws when the provider fails.</summary>
    IAsyncEnumerable<AssistantChunk> AnswerAsync(AssistantRequest request, CancellationToken cancel);

    /// <summary>What a text that stopped on its way rests on: it is kept, with the same checks as a whole one.</summary>
    AssistantEnd EndOf(AssistantRequest request, string text);
}
