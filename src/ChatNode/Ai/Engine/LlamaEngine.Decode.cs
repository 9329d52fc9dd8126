using ChatAi.ChatNode.Ai.Engine.Native;

namespace ChatAi.ChatNode.Ai.Engine;

public sealed unsafe partial class LlamaEngine
{
    private const int NoRoom = 1;
    private const int Stopped = 2;

    // The tokens whose logits the last decode left behind.
    private readonly HashSet<int> _withLogits = [];

    public DecodeOutcome Decode(ReadOnlySpan<BatchToken> batch)
    {
        Alive();
        _withLogits.Clear();
        if (batch.IsEmpty)
        {
            return DecodeOutcome.Done;
        }

        var outputs = Check(batch);
        if (outputs < 0)
        {
            return DecodeOutcome.Full;
        }

        NativeLog.Forget();
        switch (Call(batch))
        {
            case 0:
                Remember(batch);
                return DecodeOutcome.Done;
            case NoRoom:
                return DecodeOutcome.Full;
            case Stopped:
                return DecodeOutcome.Aborted;
            case var code:
                throw new InvalidOperationException(NativeLog.Explain($"llama.cpp refuses the batch ({code})"));
        }
    }

    public ReadOnlySpan<float> LogitsAt(int batchIndex)
    {
        Alive();
        if (!_withLogits.Contains(batchIndex))
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchIndex),
                batchIndex,
                "The last decode left no logits there."
            );
        }

        return new ReadOnlySpan<float>(LlamaApi.llama_get_logits_ith(_context, batchIndex), Model.Vocabulary);
    }

    /// <summary>How many logits are wanted; -1: a token lies beyond the context.</summary>
    private int Check(ReadOnlySpan<BatchToken> batch)
    {
        if (batch.Length > Model.BatchTokens)
        {
            throw new ArgumentException($"A batch holds {Model.BatchTokens} tokens at most.", nameof(batch));
        }

        var outputs = 0;
        var fits = true;
        foreach (var token in batch)
        {
            CheckToken(token.Token);
            CheckSequence(token.Sequence);
            ArgumentOutOfRangeException.ThrowIfNegative(token.Position, nameof(batch));
            fits &= token.Position < Model.ContextTokens;
            outputs += token.WantsLogits ? 1 : 0;
        }

        if (outputs > _outputs)
        {
            throw new ArgumentException($"A batch chooses {_outputs} next tokens at most.", nameof(batch));
        }

        return fits ? outputs : -1;
    }

    private int Call(ReadOnlySpan<BatchToken> batch)
    {
        // Five arrays in one, and the pointers that the library wants to each token's sequence.
        var count = batch.Length;
        var numbers = stackalloc int[count * 4];
        var logits = stackalloc sbyte[count];
        var sequences = stackalloc int*[count];
        var tokens = numbers;
        var positions = tokens + count;
        var ones = positions + count;
        var ids = ones + count;
        for (var i = 0; i < count; i++)
        {
            tokens[i] = batch[i].Token;
            positions[i] = batch[i].Position;
            ones[i] = 1;
            ids[i] = batch[i].Sequence;
            sequences[i] = ids + i;
            logits[i] = batch[i].WantsLogits ? (sbyte)1 : (sbyte)0;
        }

        return LlamaApi.llama_decode(
            _context,
            new NativeBatch
            {
                Count = count,
                Tokens = tokens,
                Positions = positions,
                SequenceCounts = ones,
                Sequences = sequences,
                Logits = logits,
            }
        );
    }

    private void Remember(ReadOnlySpan<BatchToken> batch)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            if (batch[i].WantsLogits)
            {
                _withLogits.Add(i);
            }
        }
    }

    private void CheckSequence(int sequence) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sequence, (uint)Model.Sequences, nameof(sequence));
}
