using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>
/// The read tables, projected from the journal. Rows may lag behind the journal by some 100 ms; where an answer must
/// include something, the call says so (<c>minHead</c>, <see cref="RestOfPage.Version"/>) and waits for the projection.
/// </summary>
/// <exception cref="TimeoutException">The projection did not get there in 5 s, or the database does not answer.</exception>
public interface IChatReader
{
    /// <summary>The message with this client id, deleted ones included.</summary>
    /// <param name="minHead">The tables must hold the chat's events up to this number.</param>
    Task<ChatMessage?> FindByCidAsync(
        ChatId chat,
        UserId sender,
        ClientMessageId cid,
        long minHead,
        CancellationToken cancel
    );

    Task<ChatMessage?> FindBySeqAsync(ChatId chat, long seq, long minHead, CancellationToken cancel);

    /// <summary>The assistant's messages that cite this one, or cite one that does; oldest first.</summary>
    /// <param name="minHead">As for <see cref="FindByCidAsync"/>.</param>
    Task<IReadOnlyList<ChatMessage>> QuotingAsync(ChatId chat, long seq, long minHead, CancellationToken cancel);

    /// <summary>How many undeleted messages of others than the user lie in (after, upto].</summary>
    /// <param name="minHead">As for <see cref="FindByCidAsync"/>: a deletion of a moment ago counts.</param>
    Task<int> CountUnreadAsync(ChatId chat, UserId user, long after, long upto, long minHead, CancellationToken cancel);

    /// <summary>Messages in the order that the page asks for.</summary>
    Task<IReadOnlyList<ChatMessage>> MessagesAsync(ChatId chat, RestOfPage page, CancellationToken cancel);

    /// <summary>These messages as they stand now; those that are not there are left out.</summary>
    /// <param name="version">As <see cref="RestOfPage.Version"/>.</param>
    Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        ChatId chat,
        IReadOnlyList<long> seqs,
        long version,
        CancellationToken cancel
    );

    /// <summary>The stored blocks of a level that begin at these numbers.</summary>
    /// <param name="version">As <see cref="RestOfPage.Version"/>: a block of changed messages is not brought.</param>
    Task<IReadOnlyList<SummaryBlock>> BlocksAsync(
        ChatId chat,
        int level,
        IReadOnlyList<long> firsts,
        long version,
        CancellationToken cancel
    );

    /// <summary>Durable events by rising number; those of deleted messages without their text (empty).</summary>
    Task<IReadOnlyList<INumberedChatEvent>> EventsAsync(ChatId chat, RestOfPage page, CancellationToken cancel);

    /// <summary>The user's conversations by last message, newest first.</summary>
    /// <param name="before">Exclusive; null for the first page.</param>
    Task<IReadOnlyList<ChatView>> ChatsAsync(UserId user, int limit, ChatCursor? before, CancellationToken cancel);

    /// <summary>Display names; unknown ids are left out.</summary>
    Task<IReadOnlyDictionary<UserId, string>> NamesAsync(IReadOnlyCollection<UserId> users, CancellationToken cancel);

    /// <summary>Only for who does not know the run's chat: where tables are spread over servers, this asks all of them.</summary>
    Task<AiRunRow?> RunAsync(RunId run, CancellationToken cancel);

    /// <summary>The run as it is when the tables have come up to this version of its chat.</summary>
    Task<AiRunRow?> RunAsync(ChatId chat, RunId run, long version, CancellationToken cancel);

    /// <summary>What a person asked of the assistant in a chat, oldest first.</summary>
    /// <param name="after">Exclusive; null for the first page.</param>
    /// <param name="version">As <see cref="RestOfPage.Version"/>: no private answer outlives what it rests on.</param>
    Task<IReadOnlyList<AiRunRow>> RunsOfAsync(
        ChatId chat,
        UserId by,
        RunId? after,
        int limit,
        long version,
        CancellationToken cancel
    );

    /// <summary>Runs that have not ended, oldest first.</summary>
    Task<IReadOnlyList<AiRunRow>> OpenRunsAsync(int limit, CancellationToken cancel);

    /// <summary>Chats with more than <see cref="Limits.SummaryEvery"/> messages after their rolling summary.</summary>
    Task<IReadOnlyList<ChatId>> StaleSummariesAsync(int limit, CancellationToken cancel);
}

/// <summary>A place in the list of conversations; clients see it as an opaque text.</summary>
public sealed record ChatCursor(DateTimeOffset LastMessageAt, ChatId Chat);

/// <summary>An assistant run, as the table <c>ai_runs</c> keeps it.</summary>
/// <param name="Text">The answer; null while there is none, and where a message carries it (<paramref name="MessageSeq"/>).</param>
/// <param name="Prompt">Null where a message asked (<paramref name="TriggerSeq"/>): its words are the prompt.</param>
/// <param name="Withdrawn">There was a private answer; a message that it may rest on has changed, or its asker has left.</param>
/// <param name="FromSeq">Null for runs that were projected by a version before.</param>
public sealed record AiRunRow(
    RunId Run,
    ChatId Chat,
    AiRunKind Kind,
    UserId By,
    bool Private,
    AiRunStatus Status,
    string? Text,
    long? MessageSeq,
    IReadOnlyList<long> Cites,
    AiProvenance? Provenance,
    Rejection? Failure,
    DateTimeOffset RequestedAt,
    DateTimeOffset? EndedAt,
    RunId? RegeneratedFrom = null,
    string? Prompt = null,
    long? TriggerSeq = null,
    long? FromSeq = null,
    bool Withdrawn = false
);
