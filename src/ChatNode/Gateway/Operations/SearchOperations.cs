using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.ChatNode.Gateway.Operations;

public sealed record SearchHit(ChatId Chat, ChatMessage Message, Snippet Snippet);

/// <param name="Next">The cursor of the following page; null at the end.</param>
public sealed record SearchHits(IReadOnlyList<SearchHit> Hits, string? Next);

/// <summary>
/// Search over one's own chats. The index says where to look; what is shown comes from the chat itself by the way that
/// history goes, so that nobody sees by searching what they would not see by scrolling, not even for the moment that
/// the index is behind.
/// </summary>
public sealed class SearchOperations(IMessageSearch search, ChatOperations chats)
{
    private static readonly Rejection TooSlow = new(ErrorCode.Timeout, "The search took too long; ask again.");

    public async Task<Outcome<SearchHits>> FindAsync(UserId by, string text, ChatId? chat, int? limit, string? before)
    {
        if (text.Length > SearchQuery.LongestText)
            return new Rejection(ErrorCode.TooLarge, $"'q' has at most {SearchQuery.LongestText} UTF-16 units.");
        if (string.IsNullOrWhiteSpace(text))
            return new Rejection(ErrorCode.BadRequest, "'q' must not be empty.");
        SearchCursor? cursor = null;
        if (before is not null && (cursor = SearchCursors.Read(before)) is null)
            return new Rejection(ErrorCode.BadRequest, "'before' is no cursor of this server.");
        if (chat is { } one && await chats.GetAsync(by, one) is { IsOk: false } gone)
            return gone.Rejection;
        var query = SearchQuery.Parse(text);
        SearchPage page;
        try
        {
            var size = Math.Clamp(limit ?? Limits.SearchDefault, 1, Limits.SearchPage);
            page = await search.FindAsync(by, query, chat, size, cursor, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return TooSlow;
        }
        var shown = await Task.WhenAll(page.Hits.Select(hit => chats.HistoryAsync(by, hit.Chat, null, hit.Seq - 1, 1)));
        var hits = new List<SearchHit>(shown.Length);
        foreach (var (hit, history) in page.Hits.Zip(shown))
        {
            if (history is { IsOk: false, Rejection.Code: not ErrorCode.NotFound })
                return history.Rejection;
            if (history.IsOk && HitOf(hit, history.Value.Messages, query) is { } visible)
                hits.Add(visible);
        }
        return new SearchHits(hits, page.Next is null ? null : SearchCursors.Write(page.Next));
    }

    private static SearchHit? HitOf(SearchCursor hit, IReadOnlyList<ChatMessage> messages, SearchQuery query) =>
        messages is [{ Deleted: false } message] && message.Seq == hit.Seq && query.Match(message.Text) is { } found
            ? new SearchHit(hit.Chat, message, Snippet.Of(message.Text, found))
            : null;
}
