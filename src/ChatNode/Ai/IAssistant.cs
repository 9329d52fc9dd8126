using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;

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
)
{
    /// <summary>Messages that blocks stand for and that are not among the lines.</summary>
    public int MoreMessages { get; init; }

    /// <summary>Whose beginning a local model keeps.</summary>
    public ChatId Chat { get; init; }

    /// <summary>The same run, begun again after a crash, gives the same answer.</summary>
    public RunId Run { get; init; }

    /// <summary>Asked once more: another answer is wanted than the likeliest.</summary>
    public bool IsAgain { get; init; }
}

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
)
{
    /// <summary>What the sampling began with; null where that is not known.</summary>
    public long? Seed { get; init; }

    /// <summary>Titles and sentences that were asked of a model; null for none.</summary>
    public AiPieces? Pieces { get; init; }

    /// <summary>Of <paramref name="TokensIn"/>, those that had not to be computed again; null where that is not known.</summary>
    public int? TokensCached { get; init; }
}

/// <summary>The seam between the assistant's scheduling and whatever writes its answers.</summary>
public interface IAssistant
{
    string Name { get; }

    /// <summary>How many of the newest messages a reply is to be given; the other kinds get all that they are about.</summary>
    int ReplyLines { get; }

    /// <summary>How many answers it works at together; 0 where that is not its concern.</summary>
    int AtOnce => 0;

    /// <summary>Completes when it can answer; until then runs wait in the queue. Does not fail.</summary>
    Task Ready => Task.CompletedTask;

    /// <summary>Streams one answer. Cancelling stops the model. Throws when the provider fails.</summary>
    IAsyncEnumerable<AssistantChunk> AnswerAsync(AssistantRequest request, CancellationToken cancel);

    /// <summary>What a text that stopped on its way rests on, after the same checks as a whole one; null if none of it holds.</summary>
    AssistantEnd? EndOf(AssistantRequest request, string text);

    /// <summary>Words of the chat changed: nothing that was computed from them is kept. Comes at any time, on any thread.</summary>
    void Forget(ChatId chat) { }
}

/// <summary>The provider gave no usable answer; the text says why and holds nobody's words.</summary>
public sealed class AssistantException(string message) : Exception(message);

/// <summary>The server has no assistant (<c>Ai:Provider</c> is <c>none</c>).</summary>
public sealed class AssistantDisabledException() : Exception("This server has no assistant.");
