using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>Search over the caller's own chats.</summary>
public static class SearchApi
{
    public static void MapSearch(this RouteGroupBuilder v1) => v1.MapGet("/search", FindAsync);

    private static async Task<IResult> FindAsync(HttpContext http, SearchOperations search, RateLimits rates)
    {
        var parameters = new Parameters(http);
        var text = parameters.Text("q");
        var chat = parameters.ChatOrNull("chat");
        var limit = parameters.LimitOrNull("limit", Limits.SearchPage);
        var before = parameters.TextOrNull("before");
        if (parameters.Error is { } error)
            return new Problem(error);
        if (rates.CheckSearch(http.Caller().User) is { } tooOften)
            return new Problem(tooOften);
        return (await search.FindAsync(http.Caller().User, text, chat, limit, before)).Answer(SearchJson.Write);
    }
}
