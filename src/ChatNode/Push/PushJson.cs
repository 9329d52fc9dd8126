using System.Text.Json;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Push;

/// <summary>What a push says. Without text it names the chat and nothing of what was said or by whom.</summary>
public static class PushJson
{
    public static byte[] Write(PushNote note) => JsonBytes.Write(note, WriteNote);

    private static void WriteNote(Utf8JsonWriter w, PushNote note)
    {
        w.WriteStartObject();
        w.WriteString("type"u8, "message.created"u8);
        w.WriteTime("timestamp"u8, note.Row.CreatedAt);
        w.WriteStartObject("data"u8);
        w.WriteString("user"u8, note.Row.User);
        w.WriteString("chat"u8, note.Row.Chat);
        w.WriteNumber("seq"u8, note.Row.Seq);
        w.WriteNumber("unread"u8, note.Facts.Unread);
        if (note.WithText)
        {
            w.WriteString("msg"u8, note.Facts.Message.Value);
            w.WriteString("sender"u8, note.Facts.Sender.Value);
            var name = note.Facts.Sender.IsAssistant ? UserId.AssistantName : note.Facts.SenderName;
            if (name is not null)
                w.WriteString("sender_name"u8, name);
            w.WriteBoolean("is_ai"u8, note.Facts.IsAi);
            if (note.Facts.Title is { } title)
                w.WriteString("title"u8, title);
            w.WriteString("text"u8, Preview.Of(note.Facts.Text));
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
