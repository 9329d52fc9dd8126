using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>A chat the caller is not in is <c>not_found</c>, never <c>forbidden</c>: it cannot be told from none.</summary>
[Collection(HttpServer.Collection)]
public sealed class NonMemberTests(HttpServer server)
{
    [Fact]
    public async Task Should_not_tell_a_foreign_chat_from_none()
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var eve = await server.SignUpAsync("Eve");
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "Secret")).Id;
        await ada.Api.SendAsync(chat, "for Bob only");
        var run = (await ada.Api.AskAsync(chat, "summarize", isPrivate: true)).Run;

        foreach (var (method, path, body) in Calls(chat, bob.Id, run))
        {
            var foreign = await CallAsync(eve, method, path, body);
            var none = await CallAsync(
                eve,
                method,
                path.Replace($"{chat}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal)
                    .Replace($"{run}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal),
                body
            );
            Assert.Equal((method, path, 404, "not_found"), (method, path, foreign.Status, foreign.Code));
            Assert.Equal(none.Body!.Value.GetRawText(), foreign.Body!.Value.GetRawText());
        }
        Assert.Empty((await eve.Api.ChatsAsync()).Chats);
    }

    [Fact]
    public async Task Should_be_the_same_for_who_was_removed()
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var chat = (await ada.Api.CreateChatAsync("group", [bob.Id], "G")).Id;
        await ada.Api.RemoveMemberAsync(chat, bob.Id);
        foreach (var (method, path, body) in Calls(chat, ada.Id, Guid.CreateVersion7()))
        {
            var answer = await CallAsync(bob, method, path, body);
            Assert.Equal((path, 404, "not_found"), (path, answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task Should_answer_no_chat_route_without_a_token()
    {
        foreach (var (method, path, body) in Calls(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7()))
        {
            using var content = body is null ? null : RawCalls.Text(body);
            var answer = await server.Api.RawAsync(method, path, content);
            Assert.Equal((path, 401, "unauthenticated"), (path, answer.Status, answer.Code));
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path, string? Body)> Calls(Guid chat, Guid user, Guid run) =>
        [
            (HttpMethod.Get, $"/v1/chats/{chat}", null),
            (HttpMethod.Patch, $"/v1/chats/{chat}", """{"muted":true}"""),
            (HttpMethod.Patch, $"/v1/chats/{chat}", """{"title":"mine"}"""),
            (HttpMethod.Post, $"/v1/chats/{chat}/members", $$"""{"users":["{{user}}"]}"""),
            (HttpMethod.Delete, $"/v1/chats/{chat}/members/{user}", null),
            (HttpMethod.Get, $"/v1/chats/{chat}/messages", null),
            (HttpMethod.Get, $"/v1/chats/{chat}/messages?after=0", null),
            (HttpMethod.Post, $"/v1/chats/{chat}/messages", $$"""{"cid":"{{Guid.CreateVersion7()}}","text":"hi"}"""),
            (HttpMethod.Get, $"/v1/chats/{chat}/summary", null),
            (HttpMethod.Post, $"/v1/chats/{chat}/ai", """{"kind":"summarize"}"""),
            (HttpMethod.Get, $"/v1/ai/runs/{run}", null),
            (HttpMethod.Delete, $"/v1/ai/runs/{run}", null),
        ];

    private static async Task<RawAnswer> CallAsync(TestUser user, HttpMethod method, string path, string? body)
    {
        using var content = body is null ? null : RawCalls.Text(body);
        return await user.Api.RawAsync(method, path, content);
    }
}
