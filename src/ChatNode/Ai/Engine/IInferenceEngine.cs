namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>What a loaded model is.</summary>
/// <param name="Name">The file's name without its folder.</param>
/// <param name="Sha256">Lower-case hex over the whole file.</param>
/// <param name="ContextTokens">Tokens that one sequence can hold, prompt and answer together.</param>
/// <param name="Sequences">Conversations that can be held at once.</param>
/// <param name="BatchTokens">Tokens that one <see cref="IInferenceEngine.Decode"/> takes at most.</param>
/// <param name="ChatTemplate">The template in the file; null where it has none.</param>
public sealed record EngineModel(
    string Name,
    string Sha256,
    int ContextTokens,
    int Sequences,
    int BatchTokens,
    int Vocabulary,
    string? ChatTemplate
);

/// <summary>One token of a batch.</summary>
/// <param name="Position">Place in its sequence, counted from 0; each sequence grows without gaps.</param>
/// <param name="WantsLogits">
/// Whether a next token will be chosen after this one: every engine takes one a sequence in a batch, more only up to 32.
/// </param>
public readonly record struct BatchToken(int Token, int Position, int Sequence, bool WantsLogits);

public enum DecodeOutcome
{
    Done,

    /// <summary>Stopped by <see cref="IInferenceEngine.Abort"/>; the sequences of the batch hold an unknown part of it.</summary>
    Aborted,

    /// <summary>No room in the cache for the batch; nothing was added.</summary>
    Full,
}

/// <summary>A role and its words, as chat templates know them (<c>system</c>, <c>user</c>, <c>assistant</c>).</summary>
public readonly record struct TemplateMessage(string Role, string Content);

/// <summary>
/// A model in the process with a cache of several sequences: the small part of an inference library that scheduling
/// rests on. All members but <see cref="Abort"/> are for one thread at a time.
/// </summary>
public interface IInferenceEngine : IDisposable
{
    EngineModel Model { get; }

    /// <param name="parseSpecial">Whether control tokens written out in the text count as such: never for people's words.</param>
    int[] Tokenize(string text, bool addBeginning, bool parseSpecial);

    /// <summary>The UTF-8 bytes of a token, which may be part of a character; control tokens are empty.</summary>
    int PieceOf(int token, Span<byte> into);

    /// <summary>Whether the model ends its turn with this token.</summary>
    bool IsEnd(int token);

    /// <summary>The prompt in the model's own template (chatml where it has none that is known), open for the assistant's turn.</summary>
    string ApplyTemplate(IReadOnlyList<TemplateMessage> messages);

    /// <summary>Computes a batch. Tokens of different sequences may be mixed; those of one sequence come in order.</summary>
    DecodeOutcome Decode(ReadOnlySpan<BatchToken> batch);

    /// <summary>The logits of the batch's token at this index, which asked for them; valid until the next decode.</summary>
    ReadOnlySpan<float> LogitsAt(int batchIndex);

    /// <summary>Forgets the sequence's tokens from this position on; 0 empties it. False: the model cannot cut there.</summary>
    bool Truncate(int sequence, int fromPosition);

    /// <summary>Makes <paramref name="to"/> (emptied first) begin with the first <paramref name="count"/> tokens of another sequence.</summary>
    void CopyPrefix(int from, int to, int count);

    /// <summary>The state of one sequence as bytes that <see cref="Restore"/> of the same model and settings takes back.</summary>
    byte[] Save(int sequence);

    /// <summary>False where the bytes do not fit; the sequence is then empty.</summary>
    bool Restore(int sequence, ReadOnlySpan<byte> state);

    /// <summary>Stops the decode that runs, from any thread; the flag stays up until the next <see cref="ClearAbort"/>.</summary>
    void Abort();

    void ClearAbort();
}
