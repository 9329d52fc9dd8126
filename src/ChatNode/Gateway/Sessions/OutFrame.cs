using System.Diagnostics;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>What a full outbox may do with a frame.</summary>
public enum OutFrameKind
{
    /// <summary>Answers, pings, <c>drain</c>: always sent.</summary>
    Answer,

    /// <summary>A durable event: may become an <c>inbox</c>.</summary>
    Durable,

    /// <summary>A receipt: only the newest of a user in a chat counts.</summary>
    Receipt,

    /// <summary>A piece of an assistant's answer, typing, presence: may be dropped.</summary>
    Passing,

    /// <summary>Stands for the durable events of a chat that were taken out; made when it is sent.</summary>
    Inbox,
}

/// <param name="Bytes">Empty for <see cref="OutFrameKind.Inbox"/>.</param>
/// <param name="Seq">The event's number; the newest one for <see cref="OutFrameKind.Inbox"/>.</param>
/// <param name="User">Whose receipt it is.</param>
/// <param name="Span">Ends when the frame goes to the socket; null where nobody traces.</param>
public readonly record struct OutFrame(
    OutFrameKind Kind,
    byte[] Bytes,
    ChatId Chat = default,
    long Seq = 0,
    UserId User = default,
    Activity? Span = null
)
{
    public static OutFrame Answer(byte[] bytes) => new(OutFrameKind.Answer, bytes);

    public static OutFrame Durable(ChatId chat, INumberedChatEvent e) =>
        new(OutFrameKind.Durable, ServerFrames.Durable(chat, e), chat, e.Seq);

    /// <summary>Encoded once for all sessions of this node; null for what clients are not told.</summary>
    public static OutFrame? Of(Delivery delivery)
    {
        if ((delivery.Frame ??= ServerFrames.Of(delivery.Notice)) is not { } bytes)
            return null;
        return delivery.Notice switch
        {
            Notices.Durable durable => new(OutFrameKind.Durable, bytes, durable.Chat, durable.Event.Seq),
            Notices.Receipt receipt => new(OutFrameKind.Receipt, bytes, receipt.Chat, 0, receipt.User),
            // The end of an answer is small, comes once, and tells a client to stop waiting.
            Notices.AiEnded ended => new(OutFrameKind.Answer, bytes, ended.Chat),
            Notices.Blocked => new(OutFrameKind.Answer, bytes),
            _ => new(OutFrameKind.Passing, bytes),
        };
    }
}
