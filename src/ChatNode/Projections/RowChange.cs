using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Projections;

/// <summary>One statement's worth of change to the read tables; a batch of events becomes an ordered list of these.</summary>
public abstract record RowChange
{
    private RowChange() { }

    public sealed record PutUser(UserRow Row) : RowChange;

    public sealed record RenameUser(UserId User, string DisplayName, long Version) : RowChange;

    public sealed record TouchUser(UserId User, DateTimeOffset At, long Version) : RowChange;

    public sealed record InsertChat(ChatRow Row) : RowChange;

    public sealed record UpdateChat(ChatRow Row) : RowChange;

    public sealed record InsertMember(MemberRow Row) : RowChange;

    public sealed record DeleteMember(ChatId Chat, UserId User) : RowChange;

    public sealed record SetRole(ChatId Chat, UserId User, MemberRole Role) : RowChange;

    public sealed record SetSettings(ChatId Chat, UserId User, bool Muted, bool Archived, bool Pinned) : RowChange;

    /// <summary>Messages were sent: all members have <paramref name="Count"/> more unread.</summary>
    /// <param name="Except">Has only <paramref name="ExceptCount"/> more, having sent the others.</param>
    public sealed record AddUnread(ChatId Chat, int Count, UserId? Except, int ExceptCount, DateTimeOffset At)
        : RowChange;

    /// <summary>Of the unread just added, so many were the member's own.</summary>
    public sealed record TakeUnread(ChatId Chat, UserId User, int Count) : RowChange;

    public sealed record SetMarks(ChatId Chat, ReceiptMark Mark) : RowChange;

    /// <summary>A message was deleted: whoever had it unread has one less.</summary>
    public sealed record DropUnread(ChatId Chat, long Target, UserId Sender) : RowChange;

    public sealed record InsertMessage(ChatId Chat, ChatMessage Message) : RowChange;

    public sealed record UpdateMessage(ChatId Chat, ChatMessage Message) : RowChange;

    /// <summary>A message has this file: its upload is over.</summary>
    public sealed record AddReference(ChatId Chat, long Seq, UserId Sender, Attachment Attachment) : RowChange;

    /// <summary>A message has its files no longer; their bytes go when nothing else has them.</summary>
    public sealed record DropReferences(ChatId Chat, long Seq, IReadOnlyList<Attachment> Attachments) : RowChange;

    /// <summary>A new chat whose messages will be searched; comes before them.</summary>
    public sealed record OpenIndex(ChatId Chat) : RowChange;

    /// <summary>Makes a new message findable; each chat's by rising number.</summary>
    public sealed record IndexMessage(ChatId Chat, ChatMessage Message) : RowChange;

    /// <summary>An edited message is found by its new words only, a deleted one (an empty text) not at all.</summary>
    public sealed record ReindexMessage(ChatId Chat, long Seq, string Before, string After) : RowChange;

    public sealed record InsertEvent(EventRow Row) : RowChange;

    /// <summary>Every edit of the message so far shows this text: nothing where it was deleted.</summary>
    public sealed record RedactEdits(ChatId Chat, long Target, string Text = "") : RowChange;

    public sealed record InsertRun(RunRow Row) : RowChange;

    /// <summary>The run's answer is this message.</summary>
    public sealed record LinkRun(ChatId Chat, RunId Run, long MessageSeq) : RowChange;

    public sealed record EndRun(
        ChatId Chat,
        RunId Run,
        string Status,
        string? Answer,
        IReadOnlyList<long> Cites,
        AiProvenance? Provenance,
        Rejection? Failure,
        DateTimeOffset At
    ) : RowChange;

    /// <summary>Takes the private answers away that a changed message may be in.</summary>
    public sealed record WithdrawAnswers(ChatId Chat, long Changed) : RowChange;

    /// <summary>Takes the private answers away of somebody who left.</summary>
    public sealed record WithdrawAnswersOf(ChatId Chat, UserId User) : RowChange;

    public sealed record PutBlock(BlockRow Row) : RowChange;

    /// <summary>Takes the blocks away that stand for a changed message.</summary>
    public sealed record DropBlocks(ChatId Chat, long Changed) : RowChange;

    public sealed record PutSummary(SummaryRow Row) : RowChange;

    public sealed record DeleteSummary(ChatId Chat) : RowChange;

    /// <summary>Counts the messages after the rolling summary; comes after the batch's messages.</summary>
    public sealed record CountUnsummarized(ChatId Chat, long LatestSeq) : RowChange;

    /// <summary>A message for whoever is not there: a row of the outbox for each member's device that wants to hear of it.</summary>
    /// <param name="NotTo">The sender.</param>
    /// <param name="OnlyTo">Null: everyone but the sender.</param>
    public sealed record EnqueuePush(ChatId Chat, long Seq, UserId NotTo, UserId? OnlyTo, DateTimeOffset At)
        : RowChange;

    /// <summary>The device was signed out: nobody is there to be told.</summary>
    public sealed record DropSubscription(UserId User, DeviceId Device) : RowChange;
}
