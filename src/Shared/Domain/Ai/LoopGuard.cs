namespace ChatAi.Shared.Domain.Ai;

/// <summary>What a chat may still do without a person's word.</summary>
public enum LoopVerdict
{
    /// <summary>Everything.</summary>
    Open,

    /// <summary>No new assistant run starts and nobody is told; bots may still post.</summary>
    SoftStop,

    /// <summary>Messages of the assistant and of bots are refused.</summary>
    HardStop,
}

/// <summary>
/// Counts the messages of assistants and bots since a person last wrote. The chat's entity keeps it, not the model:
/// two bots that answer each other end here whatever they say. Only a person's message resets the count; edits,
/// reactions, receipts and refused messages neither count nor reset.
/// </summary>
public sealed record LoopGuard
{
    public static readonly LoopGuard None = new(0);
    public const int Soft = 20;
    public const int Hard = 100;

    /// <summary>Messages of assistants and bots in a row; never above <see cref="Hard"/>.</summary>
    public int Streak { get; }

    public LoopGuard(int streak) => Streak = Math.Clamp(streak, 0, Hard);

    public LoopVerdict Verdict =>
        Streak >= Hard ? LoopVerdict.HardStop
        : Streak >= Soft ? LoopVerdict.SoftStop
        : LoopVerdict.Open;

    /// <summary>Whether a message of an assistant or a bot may be accepted now; a person's always may.</summary>
    public bool AllowsBotMessage => Verdict != LoopVerdict.HardStop;

    /// <summary>Whether an assistant run may start now.</summary>
    public bool AllowsRun => Verdict == LoopVerdict.Open;

    /// <summary>The guard after a message was accepted.</summary>
    public LoopGuard After(bool byPerson) => byPerson ? None : new LoopGuard(Streak + 1);
}
