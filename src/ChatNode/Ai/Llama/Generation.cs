using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>Who is served first.</summary>
public enum GenerationClass
{
    /// <summary>Somebody waits for a reply or a summary.</summary>
    Asked = 0,
    CatchUp = 1,
    Background = 2,
}

/// <param name="MaxTokens">Tokens of the answer at most.</param>
/// <param name="Seed">With the same seed the same prompt gives the same answer, whatever else is computed beside it.</param>
/// <param name="Temperature">0: always the likeliest token; the seed then has no effect.</param>
/// <param name="Stop">The answer ends before any of these.</param>
public sealed record GenerationOptions(int MaxTokens, long Seed, float Temperature, IReadOnlyList<string> Stop)
{
    /// <summary>Whether the same prompt gives the same answer with both.</summary>
    public bool SameAs(GenerationOptions other) =>
        MaxTokens == other.MaxTokens
        && Temperature.Equals(other.Temperature)
        && (Temperature <= 0 || Seed == other.Seed)
        && Stop.SequenceEqual(other.Stop, StringComparer.Ordinal);
}

/// <param name="Key">Whose prefix is kept: the chat.</param>
public sealed record GenerationRequest(
    string Key,
    IReadOnlyList<TemplateMessage> Messages,
    GenerationClass Class,
    GenerationOptions Options
);

public enum GenerationFinish
{
    /// <summary>The model ended its turn, or a stop string came.</summary>
    Stop,

    /// <summary>Cut: as many tokens as were allowed, or the context is full.</summary>
    Length,

    /// <summary>Cut: the model went round in a circle.</summary>
    Loop,
}

/// <param name="CachedTokens">Tokens of the prompt that had not to be computed.</param>
public sealed record GenerationResult(GenerationFinish Finish, int PromptTokens, int CachedTokens, int OutputTokens);

/// <summary>A piece of an answer: whole characters; the last one has the result.</summary>
public readonly record struct GenerationPiece(string Text, GenerationResult? Result);

/// <summary>As many wait as may.</summary>
public sealed class GenerationBusyException(int waiting) : Exception($"{waiting} requests wait for the local model.")
{
    public int Waiting => waiting;
}

/// <summary>The prompt and one token of an answer do not fit the model.</summary>
public sealed class PromptTooLongException(int tokens, int limit)
    : Exception($"The prompt has {tokens} tokens, the model takes {limit}.")
{
    public int Tokens => tokens;
    public int Limit => limit;
}
