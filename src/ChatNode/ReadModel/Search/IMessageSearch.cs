using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>
/// Finds messages by their words, in the chats of one user, by the rows as they stand: some 100 ms behind the journal. Who
/// shows a hit to somebody asks the chat first.
/// </summary>
public interface IMessageSearch
{
    /// <summary>Newest first over all chats.</summary>
    /// <param name="chat">Null for all of the user's chats.</param>
    /// <param name="before">Exclusive; null for the first page.</param>
    /// <exception cref="TimeoutException">It took too long, or the database does not answer.</exception>
    Task<SearchPage> FindAsync(
        UserId user,
        SearchQuery query,
        ChatId? chat,
        int limit,
        SearchCursor? before,
        CancellationToken cancel
    );
}

/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record SearchPage(IReadOnlyList<SearchCursor> Hits, SearchCursor? Next);

/// <summary>A message's place in the order of hits: newest first, then by chat, then by falling number.</summary>
/// <param name="At">Milliseconds since 1970: when it was sent, but not before any that its chat had before it.</param>
public sealed record SearchCursor(long At, ChatId Chat, long Seq)
{
    public static int Compare(SearchCursor a, SearchCursor b)
    {
        var byTime = b.At.CompareTo(a.At);
        if (byTime != 0)
            return byTime;
        var byChat = string.CompareOrdinal(a.Chat.ToString(), b.Chat.ToString());
        return byChat != 0 ? byChat : b.Seq.CompareTo(a.Seq);
    }
}
