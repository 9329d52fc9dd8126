namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>
/// Chooses the next token from its logits. What was generated lately is made less likely; at a temperature of 0 the
/// likeliest is taken, else one of the likely ones by a generator of its own (so that the neighbours in a batch change
/// nothing).
/// </summary>
public sealed class Sampler(float temperature, long seed)
{
    private const int PenaltyWindow = 64;
    private const float Penalty = 1.1f;
    private const int TopK = 40;
    private const double TopP = 0.95;
    private const double MinP = 0.05;

    private readonly List<(int Token, float Logit)> _candidates = [];
    private ulong _state = (ulong)seed;

    /// <param name="output">What was generated so far: only this is penalised, since an answer must be able to quote its prompt.</param>
    public int Next(ReadOnlySpan<float> logits, IReadOnlyList<int> output)
    {
        var recent = new HashSet<int>(output.Skip(Math.Max(0, output.Count - PenaltyWindow)));
        if (temperature <= 0)
            return Likeliest(logits, recent);
        var floor = Collect(logits, recent);
        return Draw(floor);
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

    private float Collect(ReadOnlySpan<float> logits, HashSet<int> recent)
    {
        _candidates.Clear();
        for (var i = 0; i < logits.Length; i++)
        {
            var logit = Penalised(logits[i], recent.Contains(i));
            if (_candidates.Count == TopK && logit <= _candidates[^1].Logit)
                continue;
            var at = _candidates.Count;
            while (at > 0 && _candidates[at - 1].Logit < logit)
                at--;
            _candidates.Insert(at, (i, logit));
            if (_candidates.Count > TopK)
                _candidates.RemoveAt(TopK);
        }
        return _candidates[0].Logit;
    }

    private int Draw(float top)
    {
        var weights = _candidates.ConvertAll(c => Math.Exp((c.Logit - top) / temperature));
        var sum = weights.Sum();
        double kept = 0;
        var count = 0;
        while (count < weights.Count && kept < TopP * sum && weights[count] >= MinP * weights[0])
            kept += weights[count++];
        var at = NextUnit() * kept;
        for (var i = 0; i < count - 1; i++)
        {
            at -= weights[i];
            if (at < 0)
                return _candidates[i].Token;
        }
        return _candidates[Math.Max(0, count - 1)].Token;
    }

    // SplitMix64 (Steele, Lea and Flood 2014): small, and the same on every platform.
    private double NextUnit()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
