using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Shared.Protocol;

/// <summary>A message for the entity of one chat, by way of the chat shard region.</summary>
public interface IToChat : IClusterMessage
{
    ChatId Chat { get; }
}

/// <summary>An answer that says which question it belongs to.</summary>
public interface ICorrelated : IClusterMessage
{
    long Correlation { get; }
}

/// <summary>A member with roles and marks, as <c>chat.get</c> shows it.</summary>
public sealed record MemberView(UserId User, MemberRole Role, long Recv, long Read);

/// <summary>A chat as one member sees it: <c>Chat</c> of docs/protocol.md.</summary>
/// <param name="Version">The journal's sequence number that this view includes.</param>
/// <param name="Members">Null in lists.</param>
public sealed record ChatView(
    ChatId Id,
    ChatType Type,
    string? Title,
    DateTimeOffset LastMessageAt,
    string? LastMessagePreview,
    long Head,
    long Recv,
    long Read,
    int Unread,
    bool Muted,
    bool Archived,
    bool Pinned,
    bool AiEnabled,
    UserId? Peer,
    long Version,
    IReadOnlyList<MemberView>? Members = null,
    AiSummon AiSummon = AiSummon.Everyone,
    bool AiUnasked = false
);

/// <summary>What to read from the read tables to complete an answer from memory.</summary>
/// <param name="From">First number, inclusive.</param>
/// <param name="To">Last number, inclusive.</param>
/// <param name="Take">At most so many rows.</param>
/// <param name="NewestFirst">Which end to take them from.</param>
/// <param name="Version">The rows must include the journal up to here (<c>chats.version</c>).</param>
public sealed record RestOfPage(long From, long To, int Take, bool NewestFirst, long Version);

public static class ChatProtocol
{
    /// <summary>Do this, then answer <see cref="Executed"/> or <see cref="Refused"/> to the sender.</summary>
    public sealed record Execute(ChatId Chat, IChatCommand Command, long Correlation) : IToChat
    {
        /// <summary>Whose work this is part of: a W3C <c>traceparent</c>; null where nobody traces.</summary>
        public string? Trace { get; init; }
    }

    /// <param name="View">The chat as the asker sees it, where <paramref name="Answer"/> is <see cref="ChatAnswer.Chat"/>.</param>
    public sealed record Executed(ChatId Chat, long Correlation, ChatAnswer Answer, ChatView? View) : ICorrelated;

    public sealed record Refused(ChatId Chat, long Correlation, Rejection Rejection) : ICorrelated;

    /// <summary>Answer: <see cref="ChatFound"/> or <see cref="Refused"/>.</summary>
    public sealed record GetChat(ChatId Chat, UserId By, bool WithMembers, long Correlation) : IToChat;

    public sealed record ChatFound(long Correlation, ChatView View) : ICorrelated;

    /// <summary>A page of messages as they stand now. At most one of <paramref name="Before"/> and <paramref name="After"/>.</summary>
    public sealed record GetHistory(ChatId Chat, UserId By, long? Before, long? After, int Limit, long Correlation)
        : IToChat;

    /// <param name="Messages">From memory, in the page's order.</param>
    /// <param name="Rest">Null when memory had the whole page. Newest first it follows memory, else it precedes it.</param>
    /// <param name="HasMore">Whether more lie beyond the page; with <paramref name="Rest"/> false says nothing.</param>
    public sealed record HistoryPage(
        long Correlation,
        IReadOnlyList<ChatMessage> Messages,
        RestOfPage? Rest,
        bool HasMore
    ) : ICorrelated
    {
        /// <summary>The first number that the asker may see: no citation of the page leads before it.</summary>
        public long VisibleFrom { get; init; } = 1;
    }

    /// <summary>Durable events after a number, in order.</summary>
    /// <param name="ForResume">Former members get what they may still have, and only up to <see cref="Limits.SyncPage"/>.</param>
    public sealed record GetEvents(ChatId Chat, UserId By, long After, int Limit, bool ForResume, long Correlation)
        : IToChat;

    /// <param name="Head">The last number that the asker may see.</param>
    /// <param name="Rest">Precedes <paramref name="Events"/>; null when memory had all.</param>
    public sealed record EventsPage(
        long Correlation,
        ChatId Chat,
        IReadOnlyList<INumberedChatEvent> Events,
        long Head,
        RestOfPage? Rest
    ) : ICorrelated
    {
        /// <inheritdoc cref="HistoryPage.VisibleFrom"/>
        public long VisibleFrom { get; init; } = 1;
    }

    /// <summary>Answer: <see cref="SummaryFound"/> or <see cref="Refused"/> with <c>not_found</c>.</summary>
    public sealed record GetSummary(ChatId Chat, UserId By, long Correlation) : IToChat;

    public sealed record SummaryFound(long Correlation, RollingSummary Summary, long UnseenCount) : ICorrelated;

    /// <summary>State and text so far of a run that has not ended, or <c>not_found</c>: then the read table has it.</summary>
    public sealed record GetRun(ChatId Chat, UserId By, RunId Run, long Correlation) : IToChat;

    public sealed record RunFound(long Correlation, PendingRun Run, AiRunStatus Status, string Text) : ICorrelated;

    public sealed record SetTyping(ChatId Chat, UserId By, bool On) : IToChat;

    /// <summary>Brings the entity up; its recovery offers unfinished runs again.</summary>
    public sealed record Wake(ChatId Chat) : IToChat;
}

/// <summary>Between a chat and the assistant's queue and workers.</summary>
public static class AiProtocol
{
    /// <summary>Chat → queue: this run waits for a worker. Offering it twice is harmless.</summary>
    public sealed record OfferRun(ChatId Chat, PendingRun Run) : IClusterMessage;

    /// <summary>Chat → queue: nobody wants the answer any longer.</summary>
    public sealed record CancelRun(ChatId Chat, RunId Run) : IClusterMessage;

    /// <summary>Chat → queue → one worker of each node: words of this chat changed; nothing computed from them is kept.</summary>
    public sealed record ForgetChat(ChatId Chat) : IClusterMessage;

    /// <summary>Queue → chat: the queue is full.</summary>
    public sealed record RunRefused(ChatId Chat, RunId Run, int QueueLength) : IToChat;

    /// <summary>User → chat: the run is within the asker's quota.</summary>
    public sealed record RunGranted(ChatId Chat, RunId Run) : IToChat;

    /// <summary>User or queue → chat: the run must not be worked at.</summary>
    public sealed record RunDenied(ChatId Chat, RunId Run, Rejection Reason) : IToChat;

    /// <summary>Worker → chat: what the asker may have sent to a model. Answer: <see cref="Context"/> or <see cref="Gone"/>.</summary>
    public sealed record GetContext(ChatId Chat, RunId Run, int Lines) : IToChat;

    /// <param name="ContextVersion">Goes back in <see cref="ChatCommands.CompleteRun"/>.</param>
    /// <param name="Lines">The newest undeleted messages that the asker may see, oldest first.</param>
    /// <param name="EarlierFrom">First number of what the run is about and memory does not hold; null when it holds all.</param>
    /// <param name="Summary">Null where there is none or the asker may not see all that it covers.</param>
    /// <param name="Version">The read tables must include the journal up to here before earlier lines are read.</param>
    public sealed record Context(
        ChatId Chat,
        PendingRun Run,
        bool DirectWithAssistant,
        IReadOnlyList<ChatMessage> Lines,
        long? EarlierFrom,
        RollingSummary? Summary,
        long SummaryVersion,
        long ContextVersion,
        long Version
    ) : IClusterMessage;

    /// <summary>Chat → worker: the run has ended meanwhile.</summary>
    public sealed record Gone(RunId Run) : IClusterMessage;

    /// <summary>Worker → chat: the model is at work.</summary>
    public sealed record RunStarted(ChatId Chat, RunId Run) : IToChat;

    /// <param name="Off">UTF-16 offset of <paramref name="Text"/> in the whole answer.</param>
    public sealed record RunProgressed(ChatId Chat, RunId Run, int Off, string Text) : IToChat;

    /// <summary>Gateway → queue: whose run is this? Answer: <see cref="Located"/>.</summary>
    public sealed record Locate(RunId Run) : IClusterMessage;

    /// <param name="Chat">Null where the queue knows no such run; the read table may.</param>
    public sealed record Located(RunId Run, ChatId? Chat) : IClusterMessage
    {
        /// <summary>The run's place among those that wait, 1 for the next; null where it does not wait.</summary>
        public int? Place { get; init; }
    }
}
