namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>
/// Chooses the next token from its logits. What was generated lately is made less likely; at a temperature of 0 the
/// likeliest is taken, else one of the likely ones by seed and place alone, so that the neighbours in a batch change
/// nothing.
/// </summary>
public sealed class Sampler(float temperature, long seed)
{
    private const int PenaltyWindow = 64;
    private const float Penalty = 1.1f;

    // Tokens less than a twentieth as likely as the likeliest are left out.
    private const float LogOfMinP = -2.995732f;

    /// <param name="output">What was generated so far: only this is penalised, since an answer must be able to quote its prompt.</param>
    public int Next(ReadOnlySpan<float> logits, IReadOnlyList<int> output)
    {
        var recent = new HashSet<int>(output.Skip(Math.Max(0, output.Count - PenaltyWindow)));
        if (temperature <= 0)
            return Likeliest(logits, recent);
        return Draw(logits, recent, output.Count);
    }

    private static int Likeliest(ReadOnlySpan<float> logits, HashSet<int> recent)
    {
        var best = 0;
        var top = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            // Only what could win is worth the look-up.
            if (logits[i] <= top)
                continue;
            var logit = Penalised(logits[i], recent.Contains(i));
            if (logit > top)
                (best, top) = (i, logit);
        }
        return best;
    }

    private static float Penalised(float logit, bool recent) =>
        !recent ? logit
        : logit > 0 ? logit / Penalty
        : logit * Penalty;

    // Gumbel noise on each logit and the highest taken (Gumbel 1954) draws as the softmax does, but where a batch of another
    // shape rounds otherwise, the choice stays the same: no sum over all tokens moves its bounds.
    private int Draw(ReadOnlySpan<float> logits, HashSet<int> recent, int step)
    {
        var likeliest = Likeliest(logits, recent);
        var floor = Penalised(logits[likeliest], recent.Contains(likeliest)) + temperature * LogOfMinP;
        var best = likeliest;
        var top = double.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            if (logits[i] < floor && logits[i] <= 0)
                continue;
            var logit = Penalised(logits[i], recent.Contains(i));
            if (logit < floor)
                continue;
            var score = logit / temperature - Math.Log(-Math.Log(Unit(step, i)));
            if (score > top)
                (best, top) = (i, score);
        }
        return best;
    }

    // Between 0 and 1, both left out; a function of seed, place and token alone. SplitMix64 (Steele, Lea and Flood 2014).
    private double Unit(int step, int token)
    {
        var z = Mix(Mix((ulong)seed ^ ((ulong)step << 32)) + (ulong)token);
        return ((z >> 11) + 0.5) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
