using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

public sealed partial class ChatOperations
{
    private static readonly Rejection Lagging = new(
        ErrorCode.Timeout,
        "The read tables are behind the journal; ask again."
    );

    public async Task<Outcome<ChatList>> ListAsync(UserId by, int? limit, string? before)
    {
        ChatCursor? cursor = null;
        if (before is not null && (cursor = ChatCursors.Read(before)) is null)
            return new Rejection(ErrorCode.BadRequest, "'before' is no cursor of this server.");
        var size = Math.Clamp(limit ?? ChatsDefault, 1, ChatsMost);
        var rows = reader.ChatsAsync(by, size + 1, cursor, CancellationToken.None);
        var touched = await asking.ReadUserAsync<UserProtocol.Touched>(new UserProtocol.GetTouched(by, 0));
        if (!touched.IsOk)
            return touched.Rejection;
        var merge = new ChatListMerge(await rows, touched.Value.Chats, cursor, size);
        var asked = await Task.WhenAll(
            merge
                .ToAsk()
                .Select(chat =>
                    asking.ReadChatAsync<ChatProtocol.ChatFound>(new ChatProtocol.GetChat(chat, by, false, 0))
                )
        );
        if (asked.FirstOrDefault(a => a.Rejection is { Code: not ErrorCode.NotFound }).Rejection is { } failed)
            return failed;
        return merge.Merge([.. asked.Where(a => a.IsOk).Select(a => a.Value!.View)]);
    }

    public async Task<Outcome<MessagePage>> HistoryAsync(UserId by, ChatId chat, long? before, long? after, int? limit)
    {
        if (before is not null && after is not null)
            return new Rejection(ErrorCode.BadRequest, "At most one of 'before' and 'after' may be given.");
        var size = Math.Clamp(limit ?? Limits.HistoryDefault, 1, Limits.HistoryPage);
        var answer = await asking.ReadChatAsync<ChatProtocol.HistoryPage>(
            new ChatProtocol.GetHistory(chat, by, before, after, size, 0)
        );
        if (!answer.IsOk)
            return answer.Rejection;
        var page = answer.Value;
        var messages = page.Messages;
        var hasMore = page.HasMore;
        if (page.Rest is { } rest)
        {
            if (await ReadAsync(reader.MessagesAsync(chat, rest, CancellationToken.None)) is not { } older)
                return Lagging;
            messages = rest.NewestFirst ? [.. messages, .. older] : [.. older, .. messages];
            hasMore |= messages.Count > size;
        }
        var visible = messages.Take(size).Select(message => message.VisibleFrom(page.VisibleFrom));
        var kept = Fitting(visible, message => message.Chars);
        return new MessagePage(chat, kept, hasMore || kept.Count < Math.Min(size, messages.Count))
        {
            VisibleFrom = page.VisibleFrom,
        };
    }

    public async Task<Outcome<EventPage>> SyncAsync(UserId by, ChatId chat, long after, int? limit)
    {
        var size = Math.Clamp(limit ?? Limits.SyncPage, 1, Limits.SyncPage);
        var answer = await asking.ReadChatAsync<ChatProtocol.EventsPage>(
            new ChatProtocol.GetEvents(chat, by, after, size, false, 0)
        );
        if (!answer.IsOk)
            return answer.Rejection;
        if (await CompleteAsync(answer.Value) is not { } events)
            return Lagging;
        var kept = Fitting(events.Take(size), CharsOf);
        return new EventPage(chat, kept, answer.Value.Head, kept.Count > 0 && kept[^1].Seq < answer.Value.Head);
    }

    /// <summary>The page with its beginning from the read table; null where that is too far behind.</summary>
    private async Task<IReadOnlyList<INumberedChatEvent>?> CompleteAsync(ChatProtocol.EventsPage page)
    {
        IReadOnlyList<INumberedChatEvent>? older = [];
        if (page.Rest is { } rest)
            older = await ReadAsync(reader.EventsAsync(page.Chat, rest, CancellationToken.None));
        return older is null ? null : [.. older.Concat(page.Events).Select(e => e.VisibleFrom(page.VisibleFrom))];
    }

    private static async Task<T?> ReadAsync<T>(Task<T> read)
        where T : class
    {
        try
        {
            return await read;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>As many from the start as fit one answer, but at least one.</summary>
    private static List<T> Fitting<T>(IEnumerable<T> items, Func<T, int> charsOf)
    {
        var kept = new List<T>();
        var chars = 0;
        foreach (var item in items)
        {
            chars += charsOf(item);
            if (kept.Count > 0 && chars > PageChars)
                break;
            kept.Add(item);
        }
        return kept;
    }

    private static int CharsOf(INumberedChatEvent e) =>
        e switch
        {
            ChatEvents.MessageSent sent => sent.Text.Length + sent.Attachments.Sum(a => a.Chars),
            ChatEvents.MessageEdited edited => edited.Text.Length,
            ChatEvents.ChatCreated created => created.Members.Count * 64,
            _ => 0,
        };
}
