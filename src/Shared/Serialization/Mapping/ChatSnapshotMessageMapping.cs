using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using Types = ChatAi.Shared.Proto.Journal.V1.ChatSnapshot.Types;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>Messages as they stand now, within a snapshot.</summary>
internal static class ChatSnapshotMessageMapping
{
    public static Types.Message ToWire(ChatMessage m)
    {
        var wire = new Types.Message
        {
            Seq = m.Seq,
            Id = m.Id.ToWire(),
            Sender = m.Sender.ToWire(),
            IsAi = m.IsAi,
            Text = m.Text,
            Cid = m.Cid.ToWire(),
            At = m.At.ToWire(),
            Deleted = m.Deleted,
        };
        if (m.ReplyTo is { } replyTo)
            wire.ReplyTo = replyTo;
        if (m.EditedAt is { } editedAt)
            wire.EditedAt = editedAt.ToWire();
        if (m.Run is { } run)
            wire.Run = run.ToWire();
        if (m.Cites.Count > 0)
            wire.Cites.AddRange(m.Cites);
        foreach (var attachment in m.Attachments)
            wire.Attachments.Add(AttachmentMapping.ToWire(attachment));
        foreach (var (user, emoji) in m.Reactions)
            wire.Reactions.Add(new Types.Reaction { User = user.ToWire(), Emoji = emoji });
        return wire;
    }

    public static ChatMessage ToDomain(Types.Message wire) =>
        new(
            wire.Seq,
            wire.Id.ToMessageId(),
            wire.Sender.ToUserId(),
            wire.IsAi,
            wire.Text,
            wire.Cid.ToClientMessageId(),
            wire.At.ToTime(),
            wire.HasReplyTo ? wire.ReplyTo : null,
            wire.HasEditedAt ? wire.EditedAt.ToTime() : null,
            wire.Deleted,
            Reactions(wire),
            wire.HasRun ? wire.Run.ToRunId() : null,
            wire.Cites.ToList()
        )
        {
            Attachments = AttachmentMapping.ToDomain(wire.Attachments),
        };

    private static IReadOnlyDictionary<UserId, string> Reactions(Types.Message wire)
    {
        if (wire.Reactions.Count == 0)
            return ChatMessage.NoReactions;
        var reactions = new Dictionary<UserId, string>(wire.Reactions.Count);
        foreach (var reaction in wire.Reactions)
            reactions[reaction.User.ToUserId()] = reaction.Emoji;
        return reactions;
    }
}
