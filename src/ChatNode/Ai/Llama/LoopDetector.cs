namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>Small models go round in circles: the same tokens again and again mean that nothing more will come.</summary>
public static class LoopDetector
{
    private const int LongestPeriod = 64;
    private const int Times = 4;
    private const int LeastTokens = 24;

    /// <summary>Whether the output ends with a piece of up to 64 tokens said four times (at least 24 tokens in all).</summary>
    public static bool IsLooping(IReadOnlyList<int> output)
    {
        for (var period = 1; period <= LongestPeriod; period++)
        {
            var length = Math.Max(period * Times, LeastTokens);
            if (length > output.Count)
                continue;
            var same = true;
            for (var i = output.Count - length + period; same && i < output.Count; i++)
                same = output[i] == output[i - period];
            if (same)
                return true;
        }
        return false;
    }
}
