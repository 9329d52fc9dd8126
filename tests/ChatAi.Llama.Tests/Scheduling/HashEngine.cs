using System.Runtime.InteropServices;
using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Llama.Tests.Scheduling;

/// <summary>
/// A little language of its own: the next token is a function of every token that the sequence's cache holds, in order.
/// So a cache that holds a token too many, too few or of another conversation says other words.
/// </summary>
internal sealed class HashEngine(int sequences, int context = 256, int batch = 16) : IInferenceEngine
{
    private const int Letters = 26;
    private const int EndToken = Letters;

    private readonly List<int>[] _cache = [.. Enumerable.Range(0, sequences).Select(_ => new List<int>())];
    private readonly Dictionary<int, float[]> _logits = [];
    private readonly ManualResetEventSlim _abort = new();
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EngineModel Model { get; } = new("hash", "00", context, sequences, batch, Letters + 1, null);

    /// <summary>Tokens computed so far.</summary>
    public int Computed { get; private set; }

    /// <summary>Keys of the batches so far: which sequences each had.</summary>
    public List<int[]> Batches { get; } = [];

    /// <summary>The first tokens of the sequences, in the order in which they were begun.</summary>
    public List<int> Beginnings { get; } = [];

    /// <summary>Called before each decode, on the scheduler's thread.</summary>
    public Action? BeforeDecode { get; set; }

    /// <summary>The next decode stands still until it is aborted.</summary>
    public bool HangNext { get; set; }

    /// <summary>Done when that decode stands still.</summary>
    public Task Hangs => _hangs.Task;

    /// <summary>The next copy or restored state breaks off when half of it is there.</summary>
    public bool BreakNext { get; set; }

    public int Aborts { get; private set; }

    public bool IsDisposed { get; private set; }

    public int[] Tokenize(string text, bool addBeginning, bool parseSpecial) =>
        [.. text.Select(c => (c + 7) % Letters)];

    public int PieceOf(int token, Span<byte> into)
    {
        into[0] = (byte)('a' + token);
        return 1;
    }

    public bool IsEnd(int token) => token == EndToken;

    public string ApplyTemplate(IReadOnlyList<TemplateMessage> messages) =>
        string.Concat(messages.Select(m => m.Content));

    public DecodeOutcome Decode(ReadOnlySpan<BatchToken> batch)
    {
        BeforeDecode?.Invoke();
        Assert.InRange(batch.Length, 1, Model.BatchTokens);
        _logits.Clear();
        Batches.Add([.. batch.ToArray().Select(t => t.Sequence).Distinct()]);
        if (HangNext)
        {
            HangNext = false;
            _hangs.SetResult();
            _abort.Wait();
        }

        if (_abort.IsSet)
        {
            // As in the real one: some of the batch is in the cache, nobody knows how much.
            for (var i = 0; i < batch.Length; i += 2)
            {
                _cache[batch[i].Sequence].Add(batch[i].Token);
            }

            Aborts++;
            return DecodeOutcome.Aborted;
        }

        for (var i = 0; i < batch.Length; i++)
        {
            var held = _cache[batch[i].Sequence];
            Assert.Equal(held.Count, batch[i].Position);
            Assert.True(held.Count < Model.ContextTokens);
            held.Add(batch[i].Token);
            Computed++;
            if (batch[i].Position == 0)
            {
                Beginnings.Add(batch[i].Token);
            }

            if (batch[i].WantsLogits)
            {
                _logits[i] = LogitsOf(held);
            }
        }

        return DecodeOutcome.Done;
    }

    public ReadOnlySpan<float> LogitsAt(int batchIndex) => _logits[batchIndex];

    public bool Truncate(int sequence, int fromPosition)
    {
        var held = _cache[sequence];
        held.RemoveRange(Math.Min(fromPosition, held.Count), Math.Max(0, held.Count - fromPosition));
        return true;
    }

    public void CopyPrefix(int from, int to, int count)
    {
        Assert.NotEqual(from, to);
        _cache[to].Clear();
        _cache[to].AddRange(_cache[from].Take(BreakNext ? count / 2 : count));
        Break();
    }

    public byte[] Save(int sequence) => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_cache[sequence])).ToArray();

    public bool Restore(int sequence, ReadOnlySpan<byte> state)
    {
        _cache[sequence].Clear();
        var saved = MemoryMarshal.Cast<byte, int>(state);
        _cache[sequence].AddRange(BreakNext ? saved[..(saved.Length / 2)] : saved);
        Break();
        return true;
    }

    /// <summary>How many tokens the cache holds in all.</summary>
    public int Held => _cache.Sum(held => held.Count);

    /// <summary>Whether these tokens stand one after another in some sequence.</summary>
    public bool Holds(string words)
    {
        var tokens = Tokenize(words, false, false);
        return _cache.Any(held =>
            Enumerable
                .Range(0, Math.Max(0, held.Count - tokens.Length + 1))
                .Any(at => held.Skip(at).Take(tokens.Length).SequenceEqual(tokens))
        );
    }

    public void Abort() => _abort.Set();

    public void ClearAbort() => _abort.Reset();

    public void Dispose() => IsDisposed = true;

    private void Break()
    {
        if (!BreakNext)
        {
            return;
        }

        BreakNext = false;
        throw new InvalidOperationException("Broken off.");
    }

    private static float[] LogitsOf(List<int> held)
    {
        ulong hash = 14695981039346656037;
        foreach (var token in held)
        {
            hash = (hash ^ (ulong)(token + 1)) * 1099511628211;
        }

        var logits = new float[Letters + 1];
        for (var i = 0; i < logits.Length; i++)
        {
            hash = hash * 6364136223846793005 + 1442695040888963407;
            logits[i] = (hash >> 40) / (float)(1 << 20);
        }

        return logits;
    }
}
