using ChatAi.Shared.Domain.Ai;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

public static partial class ChatDecider
{
    private static Decision DecideSend(ChatState state, Member by, SendMessage send, DecisionContext context)
    {
        var known = FindByCid(state, by.User, send.Cid);
        if (known is null && state.OldCids.MayContain(by.User, send.Cid))
        {
            if (context.Found is not LookupResult.MessageFound found)
                return new Decision.Lookup(new LookupRequest.ByCid(by.User, send.Cid, state.Recent.FirstSeq - 1));
            known = found.Message;
        }
        if (known is not null)
            return Repeat(known, send);
        if (state.IsBlocked(by.User))
            return Blocked();
        if (CheckAttachments(send) is { } unusable)
            return unusable;
        if ((send.Text.Length > 0 || send.AttachmentIds.Count == 0) && CheckText(send.Text) is { } refused)
            return refused;
        if (send.ReplyTo is { } replyTo && !IsVisibleMessage(state, by, replyTo))
            return Refuse(ErrorCode.BadRequest, "reply_to is not the number of a message of this chat.");

        var seq = state.Head + 1;
        var message = new MessageSent(
            seq,
            new MessageId(context.NewId()),
            by.User,
            false,
            send.Text,
            send.Cid,
            send.ReplyTo,
            null,
            [],
            context.Now
        )
        {
            Attachments = send.Attachments,
        };
        var events = new List<IChatEvent>(1) { message };
        AddRunFor(state, by, message, context, events);
        AddRollingWhenDue(state, state.Unsummarized + 1, context, events);
        return Accept(new ChatAnswer.Sent(seq, message.Id, message.At, false), events);
    }

    private static Decision Repeat(ChatMessage known, SendMessage send) =>
        known.Deleted
        || (
            (known.EditedAt is not null || (known.Text == send.Text && known.ReplyTo == send.ReplyTo))
            && known.Attachments.Select(a => a.Id).SequenceEqual(send.AttachmentIds)
        )
            ? Accept(new ChatAnswer.Sent(known.Seq, known.Id, known.At, true))
            : Refuse(ErrorCode.Conflict, "This cid was used for another message.");

    private static Decision? CheckAttachments(SendMessage send)
    {
        if (send.AttachmentIds.Count > Limits.Attachments)
            return Refuse(ErrorCode.TooLarge, $"A message has at most {Limits.Attachments} attachments.");
        if (!send.Attachments.Select(a => a.Id).SequenceEqual(send.AttachmentIds))
            return Refuse(
                ErrorCode.BadRequest,
                "'attachments' names one that is not there any longer, is not yours or hangs on another message."
            );
        return send.AttachmentIds.Distinct().Count() == send.AttachmentIds.Count
            ? null
            : Refuse(ErrorCode.BadRequest, "'attachments' names one twice.");
    }

    private static ChatMessage? FindByCid(ChatState state, UserId sender, ClientMessageId cid)
    {
        for (var i = state.Recent.Count - 1; i >= 0; i--)
            if (state.Recent[i].Cid == cid && state.Recent[i].Sender == sender)
                return state.Recent[i];
        return null;
    }

    // Numbers older than the ring are taken on trust within the visible range: a link to a system event does no harm.
    private static bool IsVisibleMessage(ChatState state, Member by, long seq) =>
        seq >= by.From
        && seq <= state.Head
        && (state.Recent.IndexOf(seq) >= 0 || (!state.HoldsAll && seq < state.Recent.FirstSeq));

    // What is said of old messages must know of every edit and deletion, not only of the messages.
    private static long OldMessagesHead(ChatState state) => Math.Max(state.Recent.FirstSeq - 1, state.LastChangeSeq);

    /// <summary>The message as it stands now: from the ring, from a lookup, or the lookup to do first.</summary>
    private static (ChatMessage? Message, Decision? Instead) Target(
        ChatState state,
        Member by,
        long target,
        DecisionContext context,
        bool quoting = false
    )
    {
        var message = state.Recent.Find(target);
        if (message is null && !state.HoldsAll && target < state.Recent.FirstSeq && target >= by.From)
        {
            if (context.Found is not LookupResult.MessageFound found)
                return (null, new Decision.Lookup(new LookupRequest.BySeq(target, OldMessagesHead(state), quoting)));
            message = found.Message;
        }
        if (message is null || target < by.From || message.Deleted)
            return (null, Refuse(ErrorCode.NotFound, "There is no such message."));
        return (message, null);
    }

    private static Decision DecideEdit(ChatState state, Member by, EditMessage edit, DecisionContext context)
    {
        var (message, instead) = Target(state, by, edit.Target, context, quoting: true);
        if (instead is not null)
            return instead;
        if (message!.Sender != by.User)
            return Refuse(ErrorCode.Forbidden, "Only the author may edit a message.");
        if (state.IsBlocked(by.User))
            return Blocked();
        if (CheckText(edit.Text) is { } refused)
            return refused;
        var seq = state.Head + 1;
        var events = new List<IChatEvent>(1) { new MessageEdited(seq, edit.Target, by.User, edit.Text, context.Now) };
        AddRedactions(state, message, QuoteRedaction.Edited, context, events);
        return Accept(new ChatAnswer.Numbered(seq), events);
    }

    private static Decision DecideDelete(ChatState state, Member by, DeleteMessage delete, DecisionContext context)
    {
        var (message, instead) = Target(state, by, delete.Target, context, quoting: true);
        if (instead is not null)
            return instead;
        if (message!.Sender != by.User && !(state.Type == ChatType.Group && by.Role >= MemberRole.Admin))
            return Refuse(ErrorCode.Forbidden, "Only the author or an admin of the group may delete a message.");
        return Delete(
            state,
            message,
            new MessageDeleted(state.Head + 1, delete.Target, by.User, message.Sender, context.Now),
            context
        );
    }

    private static Decision Delete(
        ChatState state,
        ChatMessage message,
        MessageDeleted deleted,
        DecisionContext context
    )
    {
        var events = new List<IChatEvent>(1) { deleted };
        AddRedactions(state, message, QuoteRedaction.Deleted, context, events);
        // A question that was taken back is not answered.
        events.AddRange(
            state
                .Runs.Values.Where(run => run.TriggerSeq == deleted.Target)
                .Select(run => new AiRunCancelled(run.Run, deleted.By, context.Now))
        );
        return Accept(new ChatAnswer.Numbered(deleted.Seq), events);
    }

    private static Decision DecideReact(ChatState state, Member by, ReactToMessage react, DecisionContext context)
    {
        if (react.Emoji is { } emoji)
        {
            if (emoji.Length > Limits.EmojiLength)
                return Refuse(ErrorCode.TooLarge, $"A reaction has at most {Limits.EmojiLength} UTF-16 units.");
            if (string.IsNullOrWhiteSpace(emoji) || !TextRules.IsStorable(emoji))
                return Refuse(ErrorCode.BadRequest, "A reaction is an emoji or null.");
        }
        if (react.Emoji is not null && state.IsBlocked(by.User))
            return Blocked();
        var (_, instead) = Target(state, by, react.Target, context);
        if (instead is not null)
            return instead;
        var seq = state.Head + 1;
        return Accept(
            new ChatAnswer.Numbered(seq),
            new MessageReacted(seq, react.Target, by.User, react.Emoji, context.Now)
        );
    }

    private static Decision DecideAcknowledge(ChatState state, Member by, Acknowledge ack, DecisionContext context)
    {
        var read = Math.Max(by.Read, Math.Min(ack.Read ?? 0, state.Head));
        var recv = Math.Max(Math.Max(by.Recv, read), Math.Min(ack.Recv ?? 0, state.Head));
        if (read == by.Read && recv == by.Recv)
            return Nothing();
        var unread = by.Unread;
        if (read > by.Read)
        {
            var first = Math.Max(read + 1, by.From);
            unread = state
                .Recent.Range(first, long.MaxValue)
                .Count(message => message.Sender != by.User && !message.Deleted);
            if (!state.HoldsAll && first < state.Recent.FirstSeq)
            {
                if (context.Found is not LookupResult.Counted counted)
                    return new Decision.Lookup(
                        new LookupRequest.CountUnread(
                            by.User,
                            first - 1,
                            state.Recent.FirstSeq - 1,
                            OldMessagesHead(state)
                        )
                    );
                unread += counted.Count;
            }
        }
        return Accept(
            ChatAnswer.Done.Instance,
            new ReceiptsAdvanced([new ReceiptMark(by.User, recv, read, unread)], context.Now)
        );
    }
}
