using ChatAi.Shared.Domain.Ai;

namespace ChatAi.Shared.Domain.Chats;

public enum ChatType
{
    OneToOne = 1,
    Group = 2,
}

public enum MemberRole
{
    Member = 1,
    Admin = 2,
    Owner = 3,
}

/// <summary>Something that happened in a chat. The chat's id is the journal's persistence id, not part of the event.</summary>
public interface IChatEvent
{
    DateTimeOffset At { get; }
}

/// <summary>A durable event of protocol v1: every chat numbers these 1, 2, 3 … without gaps.</summary>
public interface INumberedChatEvent : IChatEvent
{
    long Seq { get; }
}

/// <summary>Where an assistant's answer came from (<c>GET /v1/ai/runs/{run}</c>).</summary>
/// <param name="ModelSha256">Hex of the model file's hash; null where no file is used.</param>
/// <param name="SummaryVersion">How many rolling summaries the chat had when the answer was made; 0 for none.</param>
/// <param name="FirstSeq">First message used; 0 for none.</param>
public sealed record AiProvenance(
    string Provider,
    string Model,
    string? ModelSha256,
    string PromptVersion,
    long SummaryVersion,
    long FirstSeq,
    long LastSeq,
    int TokensIn,
    int TokensOut,
    DateTimeOffset StartedAt,
    DateTimeOffset? FirstTokenAt
)
{
    /// <summary>What the sampling began with; null where that is not known.</summary>
    public long? Seed { get; init; }

    /// <summary>The summary blocks that stood for messages of the range, in order.</summary>
    public IReadOnlyList<AiUsedBlock> Blocks { get; init; } = [];

    /// <summary>Titles and sentences of a summary; null where a model was asked for none.</summary>
    public AiPieces? Pieces { get; init; }

    /// <summary>Tokens of the prompt that had not to be computed again; null where the provider does not say.</summary>
    public int? TokensCached { get; init; }
}

/// <param name="Version">How the block was made (<see cref="Ai.Blocks.BlockMaker.Version"/> of then).</param>
public sealed record AiUsedBlock(int Level, long First, string Version)
{
    public long Last => new Ai.Blocks.BlockKey(Level, First).Last;
}

/// <param name="Kept">What the checks let pass.</param>
public sealed record AiPieces(int Asked, int Kept);

public sealed record NewMember(UserId User, MemberRole Role);

/// <summary>A member's high-water marks; they only rise. <paramref name="Unread"/> is the count after the change.</summary>
public sealed record ReceiptMark(UserId User, long Recv, long Read, int Unread);

public static class ChatEvents
{
    public sealed record ChatCreated(
        long Seq,
        ChatType Type,
        string? Title,
        UserId By,
        IReadOnlyList<NewMember> Members,
        DateTimeOffset At
    ) : INumberedChatEvent;

    public sealed record MessageSent(
        long Seq,
        MessageId Id,
        UserId Sender,
        bool IsAi,
        string Text,
        ClientMessageId Cid,
        long? ReplyTo,
        RunId? Run,
        IReadOnlyList<long> Cites,
        DateTimeOffset At
    ) : INumberedChatEvent
    {
        /// <summary>The text may be empty where there are any.</summary>
        public IReadOnlyList<Attachment> Attachments { get; init; } = [];
    }

    public sealed record MessageEdited(long Seq, long Target, UserId By, string Text, DateTimeOffset At)
        : INumberedChatEvent;

    /// <param name="Sender">Who had written the message; not sent to clients.</param>
    public sealed record MessageDeleted(long Seq, long Target, UserId By, UserId Sender, DateTimeOffset At)
        : INumberedChatEvent
    {
        /// <summary>Its time was over; nobody took it back.</summary>
        public bool Expired { get; init; }
    }

    /// <param name="Emoji">Null takes the reaction of <paramref name="By"/> away.</param>
    public sealed record MessageReacted(long Seq, long Target, UserId By, string? Emoji, DateTimeOffset At)
        : INumberedChatEvent;

    public sealed record MemberAdded(long Seq, UserId User, MemberRole Role, UserId By, DateTimeOffset At)
        : INumberedChatEvent;

    public sealed record MemberRemoved(long Seq, UserId User, UserId By, DateTimeOffset At) : INumberedChatEvent;

    public sealed record MemberRoleChanged(long Seq, UserId User, MemberRole Role, UserId By, DateTimeOffset At)
        : INumberedChatEvent;

    public sealed record ChatUpdated(long Seq, string? Title, UserId By, DateTimeOffset At) : INumberedChatEvent;

    /// <summary>All that the chat chose for the assistant, after the change.</summary>
    public sealed record AiPolicyChanged(
        long Seq,
        bool Enabled,
        UserId By,
        DateTimeOffset At,
        AiSummon Summon = AiSummon.Everyone,
        bool Unasked = false
    ) : INumberedChatEvent;

    public sealed record ReceiptsAdvanced(IReadOnlyList<ReceiptMark> Marks, DateTimeOffset At) : IChatEvent;

    /// <summary>A member's own view of the chat: silent, hidden, on top. Absolute values.</summary>
    public sealed record MemberSettingsChanged(UserId User, bool Muted, bool Archived, bool Pinned, DateTimeOffset At)
        : IChatEvent;

    /// <summary>A member of a 1:1 chat blocked the other, or let them write again.</summary>
    public sealed record BlockChanged(UserId By, bool Blocks, DateTimeOffset At) : IChatEvent;

    /// <param name="TriggerSeq">The message that asked; null when asked by <c>ai.ask</c> or due by count.</param>
    /// <param name="FromSeq">The first message that the asker may see and that the run is about.</param>
    /// <param name="RegeneratedFrom">The ended run that was asked for once more.</param>
    /// <param name="Unasked">Nobody called the assistant: the chat lets it answer questions.</param>
    public sealed record AiRunRequested(
        RunId Run,
        AiRunKind Kind,
        string Prompt,
        UserId By,
        bool Private,
        long? TriggerSeq,
        long FromSeq,
        DateTimeOffset At,
        RunId? RegeneratedFrom = null,
        bool Unasked = false
    ) : IChatEvent;

    /// <param name="Text">The answer of a private run; null where a message or a summary carries it.</param>
    public sealed record AiRunCompleted(
        RunId Run,
        string? Text,
        IReadOnlyList<long> Cites,
        AiProvenance Provenance,
        DateTimeOffset At
    ) : IChatEvent;

    public sealed record AiRunFailed(RunId Run, string Code, string Reason, DateTimeOffset At) : IChatEvent;

    public sealed record AiRunCancelled(RunId Run, UserId By, DateTimeOffset At) : IChatEvent;

    /// <summary>A block (<see cref="Ai.Blocks.SummaryBlock"/>) was made on the way of a run; the tables keep it for all readers.</summary>
    public sealed record SummaryBlockMade(
        RunId Run,
        Ai.Blocks.SummaryBlock Block,
        string Model,
        string PromptVersion,
        long? Seed,
        DateTimeOffset At
    ) : IChatEvent;

    /// <summary>The rolling summary now covers messages <paramref name="FromSeq"/> to <paramref name="LatestSeq"/>.</summary>
    /// <param name="InputHash">SHA-256 (hex) over what the summary was made from.</param>
    public sealed record SummaryUpdated(
        RunId Run,
        string Text,
        long FromSeq,
        long LatestSeq,
        MessageId LatestMessage,
        string InputHash,
        IReadOnlyList<long> Cites,
        AiProvenance Provenance,
        DateTimeOffset At
    ) : IChatEvent;
}
