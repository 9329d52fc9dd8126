using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>
/// Lays what changed a moment ago over a page of the read table, so that the list of conversations agrees with what the
/// client was just told. Pure.
/// </summary>
/// <param name="rows">One more than the page has, where there are more.</param>
/// <param name="touched">The chats that changed lately.</param>
public sealed class ChatListMerge(
    IReadOnlyList<ChatView> rows,
    IReadOnlyList<ChatTouch> touched,
    ChatCursor? before,
    int limit
)
{
    private readonly Dictionary<ChatId, ChatView> _rows = rows.ToDictionary(row => row.Id);

    /// <summary>Newest first; among equals the higher id first, as the read table has it.</summary>
    public static int Compare(ChatCursor a, ChatCursor b)
    {
        var byTime = b.LastMessageAt.CompareTo(a.LastMessageAt);
        return byTime != 0 ? byTime : b.Chat.Value.CompareTo(a.Chat.Value);
    }

    public static ChatCursor CursorOf(ChatView chat) => new(chat.LastMessageAt, chat.Id);

    private bool HasMoreRows => rows.Count > limit;

    /// <summary>Chats whose row is missing or older than the change, and that belong on this page.</summary>
    public IReadOnlyList<ChatId> ToAsk() =>
        [
            .. touched
                .Where(touch => !touch.Removed && IsNewer(touch) && (_rows.ContainsKey(touch.Chat) || IsOnPage(touch)))
                .OrderByDescending(touch => touch.LastMessageAt)
                // One more than the page has, so that the merge sees whether there are more.
                .Take(limit + 1 + rows.Count)
                .Select(touch => touch.Chat),
        ];

    /// <param name="asked">The chats of <see cref="ToAsk"/> as they stand now; those that are gone are left out.</param>
    public ChatList Merge(IReadOnlyList<ChatView> asked)
    {
        var chats = new Dictionary<ChatId, ChatView>(_rows);
        foreach (var touch in touched)
            if (IsNewer(touch))
                chats.Remove(touch.Chat);
        foreach (var chat in asked)
            chats[chat.Id] = chat;
        var sorted = chats.Values.Where(chat => IsAfterCursor(CursorOf(chat))).ToList();
        sorted.Sort((a, b) => Compare(CursorOf(a), CursorOf(b)));
        var page = sorted.Take(limit).ToList();
        var next =
            page.Count < sorted.Count ? CursorOf(page[^1])
            : HasMoreRows ? CursorOf(page.Count > 0 ? page[^1] : rows[^1])
            : null;
        return new ChatList(page, next is null ? null : ChatCursors.Write(next));
    }

    private bool IsNewer(ChatTouch touch) => !_rows.TryGetValue(touch.Chat, out var row) || row.Version < touch.Version;

    private bool IsOnPage(ChatTouch touch)
    {
        var place = new ChatCursor(touch.LastMessageAt, touch.Chat);
        return IsAfterCursor(place) && (!HasMoreRows || Compare(place, CursorOf(rows[^1])) < 0);
    }

    private bool IsAfterCursor(ChatCursor place) => before is null || Compare(before, place) < 0;
}
