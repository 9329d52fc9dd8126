using System.Text;
using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Llama.Tests;

/// <summary>The simplest use of an engine: the likeliest token, again and again.</summary>
internal static class Greedy
{
    public static int Best(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    /// <summary>Reads tokens into a sequence and gives the token that follows them.</summary>
    public static int Read(IInferenceEngine engine, int sequence, int[] tokens, int from = 0)
    {
        var next = -1;
        for (var done = 0; done < tokens.Length; )
        {
            var chunk = tokens[done..Math.Min(tokens.Length, done + engine.Model.BatchTokens)];
            var start = from + done;
            var batch = chunk.Select((t, i) => new BatchToken(t, start + i, sequence, i == chunk.Length - 1)).ToArray();
            Assert.Equal(DecodeOutcome.Done, engine.Decode(batch));
            next = Best(engine.LogitsAt(chunk.Length - 1));
            done += chunk.Length;
        }

        return next;
    }

    /// <summary>Goes on from a next token; ends are not heeded.</summary>
    public static int[] Continue(IInferenceEngine engine, int sequence, int next, int position, int count)
    {
        var tokens = new List<int> { next };
        while (tokens.Count < count)
        {
            tokens.Add(Read(engine, sequence, [tokens[^1]], position++));
        }

        return [.. tokens];
    }

    /// <summary>Prompt and answer in an emptied sequence.</summary>
    public static int[] Answer(IInferenceEngine engine, int sequence, int[] prompt, int count)
    {
        Assert.True(engine.Truncate(sequence, 0));
        return Continue(engine, sequence, Read(engine, sequence, prompt), prompt.Length, count);
    }

    public static string Text(IInferenceEngine engine, IEnumerable<int> tokens)
    {
        var bytes = new List<byte>();
        Span<byte> piece = stackalloc byte[256];
        foreach (var token in tokens)
        {
            bytes.AddRange(piece[..engine.PieceOf(token, piece)]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
