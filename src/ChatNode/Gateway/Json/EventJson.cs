using System.Text.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Gateway.Json;

/// <summary>Durable events as frames and as items of <c>sync.get</c>: <c>{ev,chat,seq,ts,d}</c>.</summary>
public static class EventJson
{
    public static void Write(Utf8JsonWriter w, ChatId chat, INumberedChatEvent e)
    {
        w.WriteStartObject();
        w.WriteString("ev"u8, NameOf(e));
        w.WriteString("chat"u8, chat.Value);
        w.WriteNumber("seq"u8, e.Seq);
        w.WriteTime("ts"u8, e.At);
        w.WriteStartObject("d"u8);
        switch (e)
        {
            case ChatEvents.MessageSent sent:
                WriteSent(w, sent);
                break;
            case ChatEvents.ChatCreated created:
                WriteCreated(w, created);
                break;
            case ChatEvents.MessageEdited edited:
                WriteTarget(w, edited.Target, edited.By);
                // Empty once the message was deleted.
                if (edited.Text.Length > 0)
                    w.WriteString("text"u8, edited.Text);
                break;
            case ChatEvents.MessageDeleted deleted:
                WriteTarget(w, deleted.Target, deleted.By);
                if (deleted.Expired)
                    w.WriteBoolean("expired"u8, true);
                break;
            case ChatEvents.MessageReacted reacted:
                WriteTarget(w, reacted.Target, reacted.By);
                w.WriteStringOrNull("emoji"u8, reacted.Emoji);
                break;
            case ChatEvents.MemberAdded added:
                WriteMember(w, added.User, added.Role);
                w.WriteString("by"u8, added.By.Value);
                break;
            case ChatEvents.MemberRemoved removed:
                w.WriteString("user"u8, removed.User.Value);
                w.WriteString("by"u8, removed.By.Value);
                break;
            case ChatEvents.MemberRoleChanged changed:
                WriteMember(w, changed.User, changed.Role);
                w.WriteString("by"u8, changed.By.Value);
                break;
            case ChatEvents.ChatUpdated updated:
                if (updated.Title is { } title)
                    w.WriteString("title"u8, title);
                w.WriteString("by"u8, updated.By.Value);
                break;
            case ChatEvents.AiPolicyChanged policy:
                w.WriteBoolean("ai_enabled"u8, policy.Enabled);
                w.WriteString("ai_summon"u8, policy.Summon.Name());
                w.WriteBoolean("ai_unasked"u8, policy.Unasked);
                w.WriteString("by"u8, policy.By.Value);
                break;
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private static ReadOnlySpan<byte> NameOf(INumberedChatEvent e) =>
        e switch
        {
            ChatEvents.MessageSent => "message.created"u8,
            ChatEvents.ChatCreated => "chat.created"u8,
            ChatEvents.MessageEdited => "message.edited"u8,
            ChatEvents.MessageDeleted => "message.deleted"u8,
            ChatEvents.MessageReacted => "message.reacted"u8,
            ChatEvents.MemberAdded => "member.added"u8,
            ChatEvents.MemberRemoved => "member.removed"u8,
            ChatEvents.MemberRoleChanged => "member.role"u8,
            ChatEvents.ChatUpdated => "chat.updated"u8,
            ChatEvents.AiPolicyChanged => "ai.policy"u8,
            _ => throw new InvalidOperationException($"Protocol v1 has no event for {e.GetType().Name}."),
        };

    private static void WriteSent(Utf8JsonWriter w, ChatEvents.MessageSent sent)
    {
        w.WriteString("msg"u8, sent.Id.Value);
        w.WriteString("sender"u8, sent.Sender.Value);
        w.WriteBoolean("is_ai"u8, sent.IsAi);
        // Empty once the message was deleted; a message that stands has words or files.
        if (sent.Text.Length > 0 || sent.Attachments.Count > 0)
            w.WriteString("text"u8, sent.Text);
        w.WriteString("cid"u8, sent.Cid.Value);
        if (sent.ReplyTo is { } replyTo)
            w.WriteNumber("reply_to"u8, replyTo);
        w.WriteAttachments(sent.Attachments);
        if (sent.Run is { } run)
            w.WriteString("run"u8, run.Value);
        w.WriteCites(sent.Cites);
    }

    private static void WriteCreated(Utf8JsonWriter w, ChatEvents.ChatCreated created)
    {
        w.WriteString("type"u8, created.Type.Name());
        if (created.Title is { } title)
            w.WriteString("title"u8, title);
        w.WriteString("by"u8, created.By.Value);
        w.WriteStartArray("members"u8);
        foreach (var member in created.Members)
        {
            w.WriteStartObject();
            WriteMember(w, member.User, member.Role);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteTarget(Utf8JsonWriter w, long target, UserId by)
    {
        w.WriteNumber("target"u8, target);
        w.WriteString("by"u8, by.Value);
    }

    private static void WriteMember(Utf8JsonWriter w, UserId user, MemberRole role)
    {
        w.WriteString("user"u8, user.Value);
        w.WriteString("role"u8, role.Name());
    }
}
