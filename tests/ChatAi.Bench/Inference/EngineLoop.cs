using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Bench.Inference;

/// <summary>The same generation over the port, for any number of conversations at once.</summary>
internal static class EngineLoop
{
    /// <summary>Reads a prompt into a sequence from a position on and gives the token that follows.</summary>
    public static int Prompt(IInferenceEngine engine, int sequence, int[] prompt, int from = 0)
    {
        engine.Truncate(sequence, from);
        var next = -1;
        for (var done = from; done < prompt.Length; )
        {
            var count = Math.Min(engine.Model.BatchTokens, prompt.Length - done);
            var batch = new BatchToken[count];
            for (var i = 0; i < count; i++)
            {
                batch[i] = new(prompt[done + i], done + i, sequence, done + i == prompt.Length - 1);
            }

            Decode(engine, batch);
            done += count;
            next = done == prompt.Length ? Likeliest.Of(engine.LogitsAt(count - 1)) : -1;
        }

        return next;
    }

    /// <summary>One token of each conversation a step; ends are not heeded, so that all say as much.</summary>
    public static int[][] Generate(IInferenceEngine engine, int[] next, int[] positions, int count)
    {
        var answers = next.Select(_ => new int[count]).ToArray();
        var batch = new BatchToken[next.Length];
        for (var step = 0; step < count; step++)
        {
            for (var s = 0; s < batch.Length; s++)
            {
                answers[s][step] = next[s];
                batch[s] = new(next[s], positions[s] + step, s, true);
            }

            Decode(engine, batch);
            for (var s = 0; s < batch.Length; s++)
            {
                next[s] = Likeliest.Of(engine.LogitsAt(s));
            }
        }

        return answers;
    }

    private static void Decode(IInferenceEngine engine, BatchToken[] batch)
    {
        if (engine.Decode(batch) is not DecodeOutcome.Done and var outcome)
        {
            throw new InvalidOperationException($"The engine says {outcome}.");
        }
    }
}
