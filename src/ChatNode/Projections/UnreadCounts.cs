using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// What a batch does to the members' unread counts of one chat, as few statements, however many messages and members:
/// the rules of <see cref="ChatState"/>, without the members at hand.
/// </summary>
internal sealed class UnreadCounts(ChatId chat)
{
    private readonly Dictionary<UserId, int> _own = [];
    private readonly Dictionary<UserId, SeenMark> _marks = [];
    private int _sent;
    private DateTimeOffset _last;

    public void Sent(UserId sender, DateTimeOffset at)
    {
        _sent++;
        _last = at;
        if (!sender.IsAssistant)
            _own[sender] = _own.GetValueOrDefault(sender) + 1;
    }

    /// <summary>An absolute count: what was sent before is in it.</summary>
    public void Marked(ReceiptMark mark) =>
        _marks[mark.User] = new SeenMark(mark, _sent, _own.GetValueOrDefault(mark.User));

    /// <summary>Moves what was gathered to the list of changes; before anything that reads or replaces member rows.</summary>
    public void Flush(List<RowChange> changes)
    {
        if (_sent > 0)
            FlushSent(changes);
        foreach (var (mark, sent, own) in _marks.Values)
        {
            var later = mark.User.IsAssistant ? 0 : _sent - sent - (_own.GetValueOrDefault(mark.User) - own);
            changes.Add(new RowChange.SetMarks(chat, mark with { Unread = mark.Unread + later }));
        }
        _sent = 0;
        _own.Clear();
        _marks.Clear();
    }

    private void FlushSent(List<RowChange> changes)
    {
        UserId? most = null;
        foreach (var (user, own) in _own)
            if (!_marks.ContainsKey(user) && (most is not { } best || own > _own[best]))
                most = user;
        var exceptCount = most is { } sender ? _sent - _own[sender] : _sent;
        changes.Add(new RowChange.AddUnread(chat, _sent, most, exceptCount, _last));
        foreach (var (user, own) in _own)
            if (user != most && !_marks.ContainsKey(user))
                changes.Add(new RowChange.TakeUnread(chat, user, own));
    }

    /// <param name="Sent">How many of the batch's messages the mark includes.</param>
    /// <param name="Own">How many of those were the user's own.</param>
    private sealed record SeenMark(ReceiptMark Mark, int Sent, int Own);
}
