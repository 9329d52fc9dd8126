using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>Messages, what is done to them, and receipts.</summary>
internal static class ChatMessageMapping
{
    public static Stored.MessageSent ToWire(ChatEvents.MessageSent e)
    {
        var wire = new Stored.MessageSent
        {
            Seq = e.Seq,
            Id = e.Id.ToWire(),
            Sender = e.Sender.ToWire(),
            IsAi = e.IsAi,
            Text = e.Text,
            Cid = e.Cid.ToWire(),
            At = e.At.ToWire(),
        };
        if (e.ReplyTo is { } replyTo)
            wire.ReplyTo = replyTo;
        if (e.Run is { } run)
            wire.Run = run.ToWire();
        if (e.Cites.Count > 0)
            wire.Cites.AddRange(e.Cites);
        foreach (var attachment in e.Attachments)
            wire.Attachments.Add(AttachmentMapping.ToWire(attachment));
        return wire;
    }

    public static ChatEvents.MessageSent ToDomain(Stored.MessageSent wire) =>
        new(
            wire.Seq,
            wire.Id.ToMessageId(),
            wire.Sender.ToUserId(),
            wire.IsAi,
            wire.HasRedacted ? Blank(wire.Redacted) : wire.Text,
            wire.Cid.ToClientMessageId(),
            wire.HasReplyTo ? wire.ReplyTo : null,
            wire.HasRun ? wire.Run.ToRunId() : null,
            wire.Cites.ToList(),
            wire.At.ToTime()
        )
        {
            Attachments = AttachmentMapping.ToDomain(wire.Attachments),
        };

    public static Stored.MessageEdited ToWire(ChatEvents.MessageEdited e) =>
        new()
        {
            Seq = e.Seq,
            Target = e.Target,
            By = e.By.ToWire(),
            Text = e.Text,
            At = e.At.ToWire(),
        };

    public static ChatEvents.MessageEdited ToDomain(Stored.MessageEdited wire) =>
        new(
            wire.Seq,
            wire.Target,
            wire.By.ToUserId(),
            wire.HasRedacted ? Blank(wire.Redacted) : wire.Text,
            wire.At.ToTime()
        );

    // As long as the words were: what a chat keeps in memory is bounded by length, and a replay must keep the same.
    private static string Blank(int length) => new(' ', Math.Clamp(length, 0, Limits.TextLength));

    public static Stored.MessageDeleted ToWire(ChatEvents.MessageDeleted e) =>
        new()
        {
            Seq = e.Seq,
            Target = e.Target,
            By = e.By.ToWire(),
            Sender = e.Sender.ToWire(),
            At = e.At.ToWire(),
            Expired = e.Expired,
        };

    public static ChatEvents.MessageDeleted ToDomain(Stored.MessageDeleted wire) =>
        new(wire.Seq, wire.Target, wire.By.ToUserId(), wire.Sender.ToUserId(), wire.At.ToTime())
        {
            Expired = wire.Expired,
        };

    public static Stored.MessageReacted ToWire(ChatEvents.MessageReacted e)
    {
        var wire = new Stored.MessageReacted
        {
            Seq = e.Seq,
            Target = e.Target,
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };
        if (e.Emoji is not null)
            wire.Emoji = e.Emoji;
        return wire;
    }

    public static ChatEvents.MessageReacted ToDomain(Stored.MessageReacted wire) =>
        new(wire.Seq, wire.Target, wire.By.ToUserId(), wire.HasEmoji ? wire.Emoji : null, wire.At.ToTime());

    public static Stored.ReceiptsAdvanced ToWire(ChatEvents.ReceiptsAdvanced e)
    {
        var wire = new Stored.ReceiptsAdvanced { At = e.At.ToWire() };
        foreach (var mark in e.Marks)
            wire.Marks.Add(
                new Stored.ReceiptsAdvanced.Types.Mark
                {
                    User = mark.User.ToWire(),
                    Recv = mark.Recv,
                    Read = mark.Read,
                    Unread = mark.Unread,
                }
            );
        return wire;
    }

    public static ChatEvents.ReceiptsAdvanced ToDomain(Stored.ReceiptsAdvanced wire)
    {
        var marks = new ReceiptMark[wire.Marks.Count];
        for (var i = 0; i < marks.Length; i++)
        {
            var mark = wire.Marks[i];
            marks[i] = new ReceiptMark(mark.User.ToUserId(), mark.Recv, mark.Read, mark.Unread);
        }
        return new ChatEvents.ReceiptsAdvanced(marks, wire.At.ToTime());
    }
}
