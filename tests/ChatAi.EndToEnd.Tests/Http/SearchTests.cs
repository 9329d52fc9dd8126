using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>Search on a running host, over HTTP and WebSocket.</summary>
public sealed class SearchTests(HttpServer server) : IClassFixture<HttpServer>
{
    [Fact]
    public async Task Should_find_the_same_over_http_and_socket_page_by_page()
    {
        var (ann, bob) = (await server.SignUpAsync("Ann"), await server.SignUpAsync("Bob"));
        var chat = (await ann.Api.CreateChatAsync("group", [bob.Id], "Trip")).Id;
        var sent = new List<long>();
        for (var i = 0; i < 5; i++)
            sent.Add((await ann.Api.SendAsync(chat, $"Treffpunkt {i} am Café\n😀 Nürnberg")).Seq);
        sent.Reverse();
        await UntilAsync(async () => (await FindAsync(bob, "cafe nürn")).Count == 5);

        var first = await bob.Api.CallAsync(HttpMethod.Get, "/v1/search?q=cafe%20nurn&limit=3");
        var cursor = first.GetProperty("next").GetString();
        var second = await bob.Api.CallAsync(HttpMethod.Get, $"/v1/search?q=cafe%20nurn&limit=3&before={cursor}");
        Assert.Equal(
            sent,
            first.GetProperty("hits").EnumerateArray().Concat(second.GetProperty("hits").EnumerateArray()).Select(SeqOf)
        );
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);

        await using var socket = await bob.ConnectAsync();
        var answer = await socket.RequestAsync(
            "search",
            new
            {
                q = "cafe nurn",
                chat,
                limit = 3,
            }
        );
        Assert.Equal(first.GetProperty("hits").GetRawText(), answer.GetProperty("hits").GetRawText());
        var hit = answer.GetProperty("hits")[0];
        Assert.Equal((chat, ann.Id), (hit.GetProperty("chat").GetGuid(), hit.GetProperty("sender").GetGuid()));
        var snippet = hit.GetProperty("snippet").GetString()!;
        Assert.Equal("Treffpunkt 4 am Café 😀 Nürnberg", snippet);
        Assert.Equal(
            ["Café", "Nürnberg"],
            hit.GetProperty("marks").EnumerateArray().Select(m => snippet[m[0].GetInt32()..m[1].GetInt32()])
        );
    }

    [Fact]
    public async Task Should_show_at_once_no_more_than_history_would()
    {
        var (ann, bob, eve) = (
            await server.SignUpAsync("Ann"),
            await server.SignUpAsync("Bob"),
            await server.SignUpAsync("Eve")
        );
        var chat = (await ann.Api.CreateChatAsync("group", [bob.Id], "Plans")).Id;
        var early = (await ann.Api.SendAsync(chat, "a quokka")).Seq;
        await ann.Api.AddMembersAsync(chat, [eve.Id]);
        var late = (await ann.Api.SendAsync(chat, "another quokka")).Seq;
        await UntilAsync(async () => (await FindAsync(bob, "quokka")).Count == 2);
        Assert.Equal([late, early], await FindAsync(bob, "quokka"));
        await UntilAsync(async () => (await FindAsync(eve, "quokka")).Count > 0);
        Assert.Equal([late], await FindAsync(eve, "quokka"));

        // Not a moment later, though the tables hear of it later.
        await using var socket = await ann.ConnectAsync();
        await socket.RequestAsync(
            "message.edit",
            new
            {
                chat,
                seq = late,
                text = "another wombat",
            }
        );
        Assert.Equal([early], await FindAsync(bob, "quokka"));
        await socket.RequestAsync("message.delete", new { chat, seq = early });
        Assert.Empty(await FindAsync(bob, "quokka"));
        await UntilAsync(async () => (await FindAsync(bob, "wombat")).Count == 1);
        await ann.Api.RemoveMemberAsync(chat, bob.Id);
        Assert.Empty(await FindAsync(bob, "wombat"));
        var refused = await Assert.ThrowsAsync<ChatErrorException>(() =>
            bob.Api.CallAsync(HttpMethod.Get, $"/v1/search?q=wombat&chat={chat}")
        );
        Assert.Equal("not_found", refused.Code);
    }

    [Fact]
    public async Task Should_take_any_query_for_words()
    {
        var ann = await server.SignUpAsync("Ann");
        foreach (var query in new[] { "\"", "'", "a'b & !c:*", "NEAR(", "*", "tokens:", "\\", "🏽", "((((", "-- ;" })
            Assert.Empty(await FindAsync(ann, query));
    }

    private static async Task<IReadOnlyList<long>> FindAsync(TestUser user, string query)
    {
        var answer = await user.Api.CallAsync(HttpMethod.Get, $"/v1/search?q={Uri.EscapeDataString(query)}");
        return [.. answer.GetProperty("hits").EnumerateArray().Select(SeqOf)];
    }

    private static long SeqOf(JsonElement hit) => hit.GetProperty("seq").GetInt64();

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isSo())
            await Task.Delay(25, late.Token);
    }
}
