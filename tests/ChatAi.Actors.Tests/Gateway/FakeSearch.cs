using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.Actors.Tests.Gateway;

/// <summary>Finds what it was told to, whoever asks.</summary>
public sealed class FakeSearch(params IReadOnlyList<SearchCursor> hits) : IMessageSearch
{
    public Task<SearchPage> FindAsync(
        UserId user,
        SearchQuery query,
        ChatId? chat,
        int limit,
        SearchCursor? before,
        CancellationToken cancel
    ) => Task.FromResult(new SearchPage(hits, null));
}
