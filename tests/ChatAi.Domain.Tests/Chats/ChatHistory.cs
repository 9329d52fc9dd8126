using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Domain.Tests.Chats;

/// <summary>
/// A chat kept in full and naively: every message and every membership, nothing bounded, nothing counted ahead. What
/// the read tables know, and what the bounded state is compared with.
/// </summary>
internal sealed class ChatHistory
{
    private readonly Dictionary<(UserId Sender, ClientMessageId Cid), long> _byCid = [];

    public List<ChatMessage> Messages { get; } = [];

    /// <summary>By number of the message: what it said when it was sent.</summary>
    public Dictionary<long, string> FirstTexts { get; } = [];
    public Dictionary<UserId, (MemberRole Role, long From, long Recv, long Read)> Members { get; } = [];

    public void Add(IChatEvent e)
    {
        switch (e)
        {
            case ChatCreated created:
                foreach (var member in created.Members)
                    Members[member.User] = (member.Role, 1, 0, 0);
                break;
            case MessageSent sent:
                _byCid.TryAdd((sent.Sender, sent.Cid), sent.Seq);
                FirstTexts[sent.Seq] = sent.Text;
                Messages.Add(ChatMessage.From(sent));
                break;
            case MessageEdited edited:
                Change(edited.Target, m => m.Apply(edited));
                break;
            case MessageDeleted deleted:
                Change(deleted.Target, m => m with { Text = "", Deleted = true });
                break;
            case MemberAdded added:
                Members[added.User] = (added.Role, added.Seq, added.Seq, added.Seq);
                break;
            case MemberRemoved removed:
                Members.Remove(removed.User);
                break;
            case MemberRoleChanged changed:
                Members[changed.User] = Members[changed.User] with { Role = changed.Role };
                break;
            case ReceiptsAdvanced receipts:
                foreach (var mark in receipts.Marks)
                    Members[mark.User] = Members[mark.User] with { Recv = mark.Recv, Read = mark.Read };
                break;
        }
    }

    public LookupResult Answer(LookupRequest request) =>
        request switch
        {
            LookupRequest.ByCid by => new LookupResult.MessageFound(Find(by.Sender, by.Cid)),
            LookupRequest.BySeq by => new LookupResult.MessageFound(Find(by.Seq))
            {
                Quoting = [.. Messages.Where(m => m is { IsAi: true, Deleted: false } && m.Cites.Contains(by.Seq))],
            },
            LookupRequest.CountUnread count => new LookupResult.Counted(Unread(count.User, count.After, count.Upto)),
            _ => throw new InvalidOperationException(request.ToString()),
        };

    public ChatMessage? Find(long seq)
    {
        var index = IndexOf(seq);
        return index < 0 ? null : Messages[index];
    }

    public ChatMessage? Find(UserId sender, ClientMessageId cid) =>
        _byCid.TryGetValue((sender, cid), out var seq) ? Find(seq) : null;

    public int Unread(UserId user, long after, long upto = long.MaxValue) =>
        Messages.Count(m => m.Sender != user && !m.Deleted && m.Seq > after && m.Seq <= upto);

    private int IndexOf(long seq)
    {
        var index = Messages.FindLastIndex(m => m.Seq <= seq);
        return index >= 0 && Messages[index].Seq == seq ? index : -1;
    }

    private void Change(long seq, Func<ChatMessage, ChatMessage> change)
    {
        var index = IndexOf(seq);
        if (index >= 0)
            Messages[index] = change(Messages[index]);
    }
}
