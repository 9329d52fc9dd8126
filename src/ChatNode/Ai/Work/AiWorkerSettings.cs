namespace ChatAi.ChatNode.Ai.Work;

/// <summary>Times and sizes of a worker; the defaults are those of production.</summary>
/// <param name="NoProgress">A model that sends nothing for so long has failed; what arrived is kept.</param>
public sealed record AiWorkerSettings(TimeSpan NoProgress)
{
    /// <summary>Messages from the read tables before those; the newest are kept.</summary>
    public int EarlierLines { get; init; } = 5_000;

    /// <summary>At most one delta in this time.</summary>
    public TimeSpan DeltaEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a cancelled model may take to stop before the worker leaves it behind.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan ReadyEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First wait before a question to the chat is repeated; doubled up to <see cref="RetryMost"/>.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan RetryMost { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a chat is asked before its run is given up; the sweeper finds it again.</summary>
    public int Tries { get; init; } = 10;

    /// <summary>How often an answer is made anew because its messages were edited or deleted meanwhile.</summary>
    public int Answers { get; init; } = 5;

    public TimeSpan RetryAfter(int tries) =>
        TimeSpan.FromTicks(Math.Min(RetryMost.Ticks, RetryFirst.Ticks << Math.Min(tries - 1, 16)));
}
