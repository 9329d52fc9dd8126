using ChatAi.Shared.Domain.Ai;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>Who may call the assistant in a group. The numbers are stored in the journal.</summary>
public enum AiSummon
{
    Everyone = 0,
    Admins = 1,
}

/// <summary>What the node lets the assistant do; an operator's, not the chat's.</summary>
/// <param name="Enabled">False: no run starts and none is completed, in any chat.</param>
/// <param name="RunsPerChatPerHour">0 for any number.</param>
public sealed record AiRules(bool Enabled = true, int RunsPerChatPerHour = 0)
{
    public static readonly AiRules Default = new();
}

/// <param name="Minute">Minutes since 1970.</param>
public sealed record MinuteCount(long Minute, int Count);

/// <param name="Number">The chat's how many-eth edit or deletion it was.</param>
/// <param name="Target">The message that it changed.</param>
public sealed record Mutation(long Number, long Target);

/// <summary>
/// What a chat knows for keeping the assistant within bounds: its own choices, how long the assistant has talked alone,
/// how often it was asked lately, which messages changed lately. Folded from events, immutable, bounded.
/// </summary>
public sealed record AiControl
{
    public static readonly AiControl None = new();

    /// <summary>Edits and deletions that are remembered; an answer from before them is made anew.</summary>
    public const int RememberedMutations = 64;

    /// <summary>Messages between two answers that nobody asked for.</summary>
    public const int UnaskedEvery = 10;

    private const int MinutesCounted = 60;

    public AiSummon Summon { get; init; }

    /// <summary>Whether questions are answered that nobody put to the assistant.</summary>
    public bool Unasked { get; init; }

    public LoopGuard Loop { get; init; } = LoopGuard.None;

    /// <summary>How many messages the chat had when the assistant last answered unasked; null for never.</summary>
    public long? UnaskedAt { get; init; }

    /// <summary>Runs asked for in each of the last 60 minutes that had any, oldest first.</summary>
    public IReadOnlyList<MinuteCount> Asked { get; init; } = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Mutation> Mutations { get; init; } = [];

    /// <summary>Runs asked for in the 60 minutes before <paramref name="now"/>.</summary>
    public int AskedWithinTheHour(DateTimeOffset now)
    {
        var from = MinuteOf(now) - MinutesCounted;
        return Asked.Sum(minute => minute.Minute > from ? minute.Count : 0);
    }

    /// <summary>Whether a message of these was edited or deleted after the first <paramref name="seen"/> changes.</summary>
    /// <param name="all">How many changes there were in all.</param>
    public bool ChangedSince(long seen, long all, long first, long last)
    {
        if (seen == all)
            return false;
        var remembered = Mutations.Count == 0 ? all + 1 : Mutations[0].Number;
        return seen > all
            || seen + 1 < remembered
            || Mutations.Any(m => m.Number > seen && m.Target >= first && m.Target <= last);
    }

    /// <param name="messages">How many messages the chat has, this one included.</param>
    public AiControl After(IChatEvent e, long messages) =>
        e switch
        {
            ChatEvents.MessageSent sent when sent.IsAi || Loop.Streak > 0 => this with
            {
                Loop = Loop.After(!sent.IsAi),
            },
            ChatEvents.AiPolicyChanged policy => this with { Summon = policy.Summon, Unasked = policy.Unasked },
            ChatEvents.AiRunRequested { Kind: not AiRunKind.Rolling } run => this with
            {
                Asked = Add(MinuteOf(run.At)),
                UnaskedAt = run.Unasked ? messages : UnaskedAt,
            },
            _ => this,
        };

    /// <summary>The run was refused before anything was done for it: it does not count.</summary>
    public AiControl GiveBack(DateTimeOffset asked)
    {
        var minute = MinuteOf(asked);
        return this with
        {
            Asked =
            [
                .. Asked.Select(m => m.Minute == minute ? m with { Count = m.Count - 1 } : m).Where(m => m.Count > 0),
            ],
        };
    }

    public AiControl Mutated(long number, long target) =>
        this with
        {
            Mutations = [.. Mutations.Append(new Mutation(number, target)).TakeLast(RememberedMutations)],
        };

    private List<MinuteCount> Add(long minute)
    {
        var counts = Asked.Where(m => m.Minute > minute - MinutesCounted).ToList();
        // Clocks of nodes differ: an older minute than the last one counts with the last one.
        if (counts.Count > 0 && counts[^1].Minute >= minute)
            counts[^1] = counts[^1] with { Count = counts[^1].Count + 1 };
        else
            counts.Add(new MinuteCount(minute, 1));
        return counts;
    }

    private static long MinuteOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;
}
