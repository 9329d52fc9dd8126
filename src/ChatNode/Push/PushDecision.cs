namespace ChatAi.ChatNode.Push;

/// <summary>Whether a row of the outbox is sent, now that its time has come: pure.</summary>
public abstract record PushDecision
{
    /// <summary>A live session that has not said that it received a message may be one whose network is gone.</summary>
    public static readonly TimeSpan SessionsAreSureAfter = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(8);

    public sealed record Send : PushDecision
    {
        public static readonly Send Instance = new();
    }

    /// <param name="Why">A word for the metric.</param>
    public sealed record Drop(string Why) : PushDecision;

    public sealed record Wait(TimeSpan For) : PushDecision;

    /// <param name="facts">Null: no member any more, or no such message.</param>
    public static PushDecision Of(OutboxRow row, PushFacts? facts, Reach reach, DateTimeOffset now, TimeSpan ttl)
    {
        var age = now - row.CreatedAt;
        if (facts is null || facts.From > row.Seq)
            return new Drop("not_member");
        if (facts.Deleted)
            return new Drop("deleted");
        if (facts.Read >= row.Seq)
            return new Drop("read");
        if (facts.Muted)
            return new Drop("muted");
        if (reach.BlocksSender)
            return new Drop("blocked");
        if (age > ttl)
            return new Drop("expired");
        if (facts.Recv >= row.Seq || (reach.Online && age >= SessionsAreSureAfter))
            return new Drop("received");
        return reach.Online ? new Wait(LookAgain) : Send.Instance;
    }
}
