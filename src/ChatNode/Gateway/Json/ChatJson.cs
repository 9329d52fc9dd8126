using System.Text.Json;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Json;

/// <summary>Answers about chats and messages, the same over HTTP and WebSocket. Each writes one JSON value.</summary>
public static class ChatJson
{
    public static void WriteChat(Utf8JsonWriter w, ChatView chat)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, chat.Id.Value);
        w.WriteString("type"u8, chat.Type.Name());
        w.WriteStringOrNull("title"u8, chat.Title);
        w.WriteTime("last_message_at"u8, chat.LastMessageAt);
        w.WriteStringOrNull("last_message_preview"u8, chat.LastMessagePreview);
        w.WriteNumber("head"u8, chat.Head);
        w.WriteNumber("recv"u8, chat.Recv);
        w.WriteNumber("read"u8, chat.Read);
        w.WriteNumber("unread"u8, chat.Unread);
        w.WriteBoolean("muted"u8, chat.Muted);
        w.WriteBoolean("archived"u8, chat.Archived);
        w.WriteBoolean("pinned"u8, chat.Pinned);
        w.WriteBoolean("ai_enabled"u8, chat.AiEnabled);
        w.WriteString("ai_summon"u8, chat.AiSummon.Name());
        w.WriteBoolean("ai_unasked"u8, chat.AiUnasked);
        if (chat.Peer is { } peer)
            w.WriteString("peer"u8, peer.Value);
        if (chat.Members is { } members)
        {
            w.WriteStartArray("members"u8);
            foreach (var member in members)
            {
                w.WriteStartObject();
                w.WriteString("user"u8, member.User.Value);
                w.WriteString("role"u8, member.Role.Name());
                w.WriteNumber("recv"u8, member.Recv);
                w.WriteNumber("read"u8, member.Read);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }

    public static void WriteChats(Utf8JsonWriter w, ChatList list)
    {
        w.WriteStartObject();
        w.WriteStartArray("chats"u8);
        foreach (var chat in list.Chats)
            WriteChat(w, chat);
        w.WriteEndArray();
        w.WriteStringOrNull("next"u8, list.Next);
        w.WriteEndObject();
    }

    public static void WriteMessage(Utf8JsonWriter w, ChatId chat, ChatMessage message)
    {
        w.WriteStartObject();
        w.WriteString("msg"u8, message.Id.Value);
        w.WriteString("chat"u8, chat.Value);
        w.WriteNumber("seq"u8, message.Seq);
        w.WriteString("sender"u8, message.Sender.Value);
        w.WriteBoolean("is_ai"u8, message.IsAi);
        w.WriteString("text"u8, message.Text);
        w.WriteString("cid"u8, message.Cid.Value);
        w.WriteTime("ts"u8, message.At);
        if (message.ReplyTo is { } replyTo)
            w.WriteNumber("reply_to"u8, replyTo);
        w.WriteAttachments(message.Attachments);
        if (message.EditedAt is { } editedAt)
            w.WriteTime("edited_at"u8, editedAt);
        if (message.Deleted)
            w.WriteBoolean("deleted"u8, true);
        if (message.Reactions.Count > 0)
        {
            w.WriteStartArray("reactions"u8);
            foreach (var (user, emoji) in message.Reactions)
            {
                w.WriteStartObject();
                w.WriteString("user"u8, user.Value);
                w.WriteString("emoji"u8, emoji);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        if (message.Run is { } run)
            w.WriteString("run"u8, run.Value);
        w.WriteCites(message.Cites);
        w.WriteEndObject();
    }

    public static void WriteMessages(Utf8JsonWriter w, MessagePage page)
    {
        w.WriteStartObject();
        w.WriteStartArray("messages"u8);
        foreach (var message in page.Messages)
            WriteMessage(w, page.Chat, message);
        w.WriteEndArray();
        w.WriteBoolean("has_more"u8, page.HasMore);
        w.WriteEndObject();
    }

    public static void WriteEvents(Utf8JsonWriter w, EventPage page)
    {
        w.WriteStartObject();
        w.WriteStartArray("events"u8);
        foreach (var e in page.Events)
            EventJson.Write(w, page.Chat, e);
        w.WriteEndArray();
        w.WriteNumber("head"u8, page.Head);
        w.WriteBoolean("has_more"u8, page.HasMore);
        w.WriteEndObject();
    }

    /// <summary>The answer of <c>message.send</c>.</summary>
    public static void WriteSent(Utf8JsonWriter w, ChatId chat, ChatAnswer.Sent sent)
    {
        w.WriteStartObject();
        w.WriteString("chat"u8, chat.Value);
        w.WriteNumber("seq"u8, sent.Seq);
        w.WriteString("msg"u8, sent.Id.Value);
        w.WriteTime("ts"u8, sent.At);
        w.WriteBoolean("dup"u8, sent.Duplicate);
        w.WriteEndObject();
    }

    public static void WriteNumbered(Utf8JsonWriter w, NumberedAnswer answer)
    {
        w.WriteStartObject();
        w.WriteNumber("seq"u8, answer.Seq);
        w.WriteEndObject();
    }

    public static void WriteNothing(Utf8JsonWriter w, Nothing nothing)
    {
        w.WriteStartObject();
        w.WriteEndObject();
    }

    public static void WritePrivacy(Utf8JsonWriter w, Privacy privacy)
    {
        w.WriteStartObject();
        w.WriteString("last_seen"u8, privacy.LastSeen.Name());
        w.WriteEndObject();
    }

    public static void WritePresence(Utf8JsonWriter w, PresenceList list)
    {
        w.WriteStartObject();
        w.WriteStartArray("users"u8);
        foreach (var user in list.Users)
        {
            w.WriteStartObject();
            w.WriteString("user"u8, user.User.Value);
            w.WriteBoolean("online"u8, user.Online);
            if (user.LastActiveAt is { } lastActiveAt)
                w.WriteTime("last_active_at"u8, lastActiveAt);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
