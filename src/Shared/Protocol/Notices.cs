using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Shared.Protocol;

/// <summary>What a session is told without having asked; the gateway makes one frame of it.</summary>
public interface INotice;

/// <summary>How an assistant run ended, as it stands on the wire in lower case.</summary>
public enum AiRunStatus
{
    Queued = 1,
    Running = 2,
    Done = 3,
    Cancelled = 4,
    Failed = 5,
}

public static class Notices
{
    /// <summary>A durable event: it has a number, and the journal has it.</summary>
    public sealed record Durable(ChatId Chat, INumberedChatEvent Event) : INotice;

    public sealed record Receipt(ChatId Chat, UserId User, long Recv, long Read) : INotice;

    public sealed record Typing(ChatId Chat, UserId User, bool On) : INotice;

    public sealed record Presence(UserId User, bool Online, DateTimeOffset? LastActiveAt) : INotice;

    /// <summary>The receiver's own settings of the chat changed on another of their devices; no frame of its own.</summary>
    public sealed record ChatTouched(ChatId Chat) : INotice;

    /// <summary>The receiver blocked somebody, or let them write again, on one of their devices.</summary>
    public sealed record Blocked(UserId User, bool On) : INotice;

    public sealed record AiStarted(ChatId Chat, RunId Run, UserId By, AiRunKind Kind) : INotice;

    /// <param name="Off">UTF-16 offset of <paramref name="Text"/> in the whole answer.</param>
    public sealed record AiDelta(ChatId Chat, RunId Run, int Off, string Text) : INotice;

    /// <param name="Text">The whole answer of a private run; null where a message carries it or there is none.</param>
    /// <param name="Reason">Why it failed: an error code and a sentence, null otherwise.</param>
    public sealed record AiEnded(
        ChatId Chat,
        RunId Run,
        AiRunStatus Status,
        string? Text,
        IReadOnlyList<long> Cites,
        Rejection? Reason
    ) : INotice;
}

/// <summary>
/// A notice on its way to the sessions of one or many users. One object for all receivers of a node, so that its frame
/// is encoded once (<see cref="Frame"/>).
/// </summary>
/// <param name="notice">What to tell.</param>
/// <param name="touches">The chat whose list entry changed by it, and how; null for what no list shows.</param>
public sealed class Delivery(INotice notice, ChatTouch? touches = null) : IClusterMessage
{
    public INotice Notice { get; } = notice;
    public ChatTouch? Touches { get; } = touches;

    /// <summary>Whose work this is part of: a W3C <c>traceparent</c>; null where nobody traces.</summary>
    public string? Trace { get; init; }

    /// <summary>The same for a part of the work that is traced.</summary>
    public Delivery Traced(string trace) => new(Notice, Touches) { Trace = trace, Frame = Frame };

    /// <summary>The UTF-8 frame, set by the first session of this node that encodes it; null before.</summary>
    public byte[]? Frame { get; set; }
}

/// <summary>A chat's place in its members' lists changed: what the read table may not show yet.</summary>
/// <param name="Version">The journal's sequence number of the change; rows with a lower version are older.</param>
/// <param name="Removed">The receiver is no member any longer.</param>
public sealed record ChatTouch(ChatId Chat, long Version, DateTimeOffset LastMessageAt, bool Removed = false);
