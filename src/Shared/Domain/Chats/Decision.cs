namespace ChatAi.Shared.Domain.Chats;

/// <summary>What the decider needs beside state and command; gathered by the shell, so that deciding stays pure.</summary>
/// <param name="Now">The time of the events; cut to what the journal keeps.</param>
/// <param name="NewId">Makes a new UUID, version 7 outside of tests.</param>
/// <param name="Found">What an earlier <see cref="Decision.Lookup"/> of this command found; null before one.</param>
public sealed record DecisionContext(DateTimeOffset Now, Func<Guid> NewId, LookupResult? Found = null)
{
    public DateTimeOffset Now { get; init; } = EventTime.Of(Now);

    /// <summary>What the operator allows.</summary>
    public AiRules Ai { get; init; } = AiRules.Default;
}

/// <summary>A question about messages that the entity no longer holds in memory. The read table answers it.</summary>
/// <param name="MinHead">The table must hold the chat's events up to this number: an older answer may be wrong.</param>
public abstract record LookupRequest(long MinHead)
{
    /// <summary>The message of this sender with this client id, if any.</summary>
    public sealed record ByCid(UserId Sender, ClientMessageId Cid, long MinHead) : LookupRequest(MinHead);

    /// <summary>The message with this number, if any.</summary>
    /// <param name="Quoting">Also the assistant's messages that quote it, or quote one that does.</param>
    public sealed record BySeq(long Seq, long MinHead, bool Quoting = false) : LookupRequest(MinHead);

    /// <summary>How many undeleted messages of others than <paramref name="User"/> lie in (After, Upto].</summary>
    public sealed record CountUnread(UserId User, long After, long Upto, long MinHead) : LookupRequest(MinHead);
}

public abstract record LookupResult
{
    public sealed record MessageFound(ChatMessage? Message) : LookupResult
    {
        public IReadOnlyList<ChatMessage> Quoting { get; init; } = [];
    }

    public sealed record Counted(int Count) : LookupResult;
}

/// <summary>The outcome of a command.</summary>
public abstract record Decision
{
    /// <summary>Persist these in one write (none: nothing changed), then answer.</summary>
    public sealed record Accepted(IReadOnlyList<IChatEvent> Events, ChatAnswer Answer) : Decision;

    public sealed record Refused(Rejection Rejection) : Decision;

    /// <summary>Ask the read side and decide again with the result.</summary>
    public sealed record Lookup(LookupRequest Request) : Decision;
}

/// <summary>What a command answers once its events are in the journal.</summary>
public abstract record ChatAnswer
{
    /// <summary>Nothing more to say.</summary>
    public sealed record Done : ChatAnswer
    {
        public static readonly Done Instance = new();
    }

    /// <summary>The chat as the asker sees it is the answer; the shell fills it in after the write.</summary>
    public sealed record Chat : ChatAnswer
    {
        public static readonly Chat Instance = new();
    }

    /// <param name="Duplicate">The message was sent before; nothing new was written.</param>
    public sealed record Sent(long Seq, MessageId Id, DateTimeOffset At, bool Duplicate) : ChatAnswer;

    /// <summary>The number of the (last) event that the command made.</summary>
    public sealed record Numbered(long Seq) : ChatAnswer;

    public sealed record RunStarted(RunId Run) : ChatAnswer;

    /// <summary>The answer came from words that changed meanwhile; the run is to be offered again.</summary>
    public sealed record RunAgain(RunId Run) : ChatAnswer;
}
