using System.Text.Json;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary>Answers and notices → UTF-8 frames. Pure.</summary>
public static class ServerFrames
{
    public static readonly byte[] Ping = "{}"u8.ToArray();

    public static byte[] Ok<T>(long re, T value, Action<Utf8JsonWriter, T> write) =>
        JsonBytes.Write(
            (re, value, write),
            static (w, answer) =>
            {
                w.WriteStartObject();
                w.WriteNumber("re"u8, answer.re);
                w.WritePropertyName("ok"u8);
                answer.write(w, answer.value);
                w.WriteEndObject();
            }
        );

    public static byte[] Sent(long re, ChatId chat, ChatAnswer.Sent sent) =>
        Ok(re, (chat, sent), static (w, answer) => ChatJson.WriteSent(w, answer.chat, answer.sent));

    public static byte[] Done(long re) => Ok(re, Operations.Nothing.Instance, ChatJson.WriteNothing);

    public static byte[] Err(long re, Rejection rejection) =>
        JsonBytes.Write(
            (re, rejection),
            static (w, answer) =>
            {
                w.WriteStartObject();
                w.WriteNumber("re"u8, answer.re);
                w.WriteRejection("err"u8, answer.rejection);
                w.WriteEndObject();
            }
        );

    public static byte[] Durable(ChatId chat, INumberedChatEvent e) =>
        JsonBytes.Write((chat, e), static (w, durable) => EventJson.Write(w, durable.chat, durable.e));

    /// <summary>There is more than the socket could take: pull from here.</summary>
    public static byte[] Inbox(ChatId chat, long head, int unread) =>
        Event(
            "inbox",
            chat,
            (head, unread),
            static (w, d) =>
            {
                w.WriteNumber("head"u8, d.head);
                w.WriteNumber("unread"u8, d.unread);
            }
        );

    public static byte[] Drain(int withinMs) =>
        Event("drain", null, withinMs, static (w, ms) => w.WriteNumber("within_ms"u8, ms));

    /// <summary>Null for a notice that is not for clients.</summary>
    public static byte[]? Of(INotice notice) =>
        notice switch
        {
            Notices.Durable durable => Durable(durable.Chat, durable.Event),
            Notices.Receipt receipt => Event("receipt", receipt.Chat, receipt, WriteReceipt),
            Notices.Typing typing => Event("typing", typing.Chat, typing, WriteTyping),
            Notices.Presence presence => Event("presence", null, presence, WritePresence),
            Notices.Blocked blocked => Event("blocked", null, blocked, WriteBlocked),
            Notices.AiStarted started => Event("ai.started", started.Chat, started, WriteStarted),
            Notices.AiDelta delta => Event("ai.delta", delta.Chat, delta, WriteDelta),
            Notices.AiEnded ended => Event("ai.ended", ended.Chat, ended, WriteEnded),
            _ => null,
        };

    private static byte[] Event<T>(string name, ChatId? chat, T d, Action<Utf8JsonWriter, T> write) =>
        JsonBytes.Write(
            (name, chat, d, write),
            static (w, e) =>
            {
                w.WriteStartObject();
                w.WriteString("ev"u8, e.name);
                if (e.chat is { } chat)
                    w.WriteString("chat"u8, chat.Value);
                w.WriteStartObject("d"u8);
                e.write(w, e.d);
                w.WriteEndObject();
                w.WriteEndObject();
            }
        );

    private static void WriteReceipt(Utf8JsonWriter w, Notices.Receipt receipt)
    {
        w.WriteString("user"u8, receipt.User.Value);
        w.WriteNumber("recv"u8, receipt.Recv);
        w.WriteNumber("read"u8, receipt.Read);
    }

    private static void WriteTyping(Utf8JsonWriter w, Notices.Typing typing)
    {
        w.WriteString("user"u8, typing.User.Value);
        w.WriteBoolean("on"u8, typing.On);
    }

    private static void WritePresence(Utf8JsonWriter w, Notices.Presence presence)
    {
        w.WriteString("user"u8, presence.User.Value);
        w.WriteBoolean("online"u8, presence.Online);
        w.WriteTimeOrNull("last_active_at"u8, presence.LastActiveAt);
    }

    private static void WriteBlocked(Utf8JsonWriter w, Notices.Blocked blocked)
    {
        w.WriteString("user"u8, blocked.User.Value);
        w.WriteBoolean("on"u8, blocked.On);
    }

    private static void WriteStarted(Utf8JsonWriter w, Notices.AiStarted started)
    {
        w.WriteString("run"u8, started.Run.Value);
        w.WriteString("by"u8, started.By.Value);
        w.WriteString("kind"u8, started.Kind.Name());
    }

    private static void WriteDelta(Utf8JsonWriter w, Notices.AiDelta delta)
    {
        w.WriteString("run"u8, delta.Run.Value);
        w.WriteNumber("off"u8, delta.Off);
        w.WriteString("text"u8, delta.Text);
    }

    private static void WriteEnded(Utf8JsonWriter w, Notices.AiEnded ended)
    {
        w.WriteString("run"u8, ended.Run.Value);
        w.WriteString("status"u8, ended.Status.Name());
        if (ended.Text is { } text)
            w.WriteString("text"u8, text);
        w.WriteCites(ended.Cites);
        if (ended.Reason is { } reason)
            w.WriteRejection("err"u8, reason);
    }
}
