namespace ChatAi.ChatNode.Push;

/// <summary>How long to wait after a failure: doubles up to a cap, half of it by chance, so that senders spread out.</summary>
public sealed record BackOff(TimeSpan First, TimeSpan Cap)
{
    /// <param name="failures">So far: 1 or more.</param>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan After(int failures, double chance)
    {
        var most = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40)), Cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(most * (0.5 + chance / 2));
    }
}
