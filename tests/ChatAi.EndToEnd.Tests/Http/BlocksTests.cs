using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class BlocksTests(HttpServer server)
{
    private static string PathOf(TestUser user) => $"/v1/blocks/{user.Id}";

    private static Task<JsonElement> BlockAsync(TestUser by, TestUser whom) =>
        by.Api.CallAsync(HttpMethod.Put, PathOf(whom));

    private static async Task<IEnumerable<Guid>> BlockedByAsync(TestUser user) =>
        (await user.Api.CallAsync(HttpMethod.Get, "/v1/blocks"))
            .GetProperty("blocks")
            .EnumerateArray()
            .Select(b => b.GetProperty("user").GetGuid());

    [Fact]
    public async Task Should_refuse_the_messages_of_a_blocked_person_until_they_are_let_in_again()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        await using var a = await ada.ConnectAsync();
        await using var b = await bob.ConnectAsync();
        var chat = (await b.SendToAsync(ada.Id, "hello")).Chat;

        var answer = await BlockAsync(ada, bob);
        Assert.True(answer.GetProperty("blocked").GetBoolean());
        Assert.Equal(JsonValueKind.String, answer.GetProperty("since").ValueKind);
        await a.WaitForAsync(e => e.Ev == "blocked" && e.D.GetProperty("on").GetBoolean());
        Assert.Equal(bob.Id, Assert.Single(await BlockedByAsync(ada)));
        Assert.Empty(await BlockedByAsync(bob));

        Assert.Equal("forbidden", (await RawCalls.RefusedAsync(() => b.SendAsync(chat, "again"))).Code);
        Assert.Equal("forbidden", (await RawCalls.RefusedAsync(() => b.SendToAsync(ada.Id, "again"))).Code);
        Assert.Equal("forbidden", (await RawCalls.RefusedAsync(() => bob.Api.SendAsync(chat, "again"))).Code);
        await BlockAsync(ada, bob);

        var freed = await ada.Api.CallAsync(HttpMethod.Delete, PathOf(bob));
        Assert.False(freed.GetProperty("blocked").GetBoolean());
        await b.SendAsync(chat, "thanks");
        await a.WaitForMessageAsync(chat, "thanks");
        Assert.DoesNotContain(a.Seen, e => e.Text == "again");
    }

    [Fact]
    public async Task Should_let_nobody_begin_a_chat_across_a_block_whoever_has_the_lower_id()
    {
        var (first, second) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        foreach (var (by, whom) in new[] { (first, second), (second, first) })
        {
            await BlockAsync(by, whom);
            await using var b = await whom.ConnectAsync();
            Assert.Equal("forbidden", (await RawCalls.RefusedAsync(() => b.SendToAsync(by.Id, "hello"))).Code);
            var create = () => whom.Api.CreateChatAsync("1_to_1", [by.Id]);
            Assert.Equal("forbidden", (await RawCalls.RefusedAsync(create)).Code);
            Assert.Equal(
                "forbidden",
                (await RawCalls.RefusedAsync(() => by.Api.CreateChatAsync("1_to_1", [whom.Id]))).Code
            );
            Assert.Empty((await by.Api.ChatsAsync()).Chats);
            await by.Api.CallAsync(HttpMethod.Delete, PathOf(whom));
        }
        Assert.NotEqual(Guid.Empty, (await first.Api.CreateChatAsync("1_to_1", [second.Id])).Id);
    }

    [Fact]
    public async Task Should_show_a_blocked_person_no_presence_and_no_typing()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        await using var a = await ada.ConnectAsync();
        await using var b = await bob.ConnectAsync();
        var chat = (await b.SendToAsync(ada.Id, "hello")).Chat;
        Assert.True(await IsOnlineAsync(b, ada));
        await BlockAsync(ada, bob);
        Assert.False(await IsOnlineAsync(b, ada));
        var mark = a.Mark();
        await b.RequestAsync("typing", new { chat, on = true });
        // What comes after it has come: nothing of the typing is on its way.
        await a.SendAsync(chat, "one moment");
        await a.WaitForMessageAsync(chat, "one moment");
        Assert.DoesNotContain(a.Seen.Skip(mark), e => e.Ev == "typing");
    }

    [Fact]
    public async Task Should_leave_groups_as_they_are()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var group = await ada.Api.CreateChatAsync("group", [bob.Id], "Tea");
        await BlockAsync(ada, bob);
        await bob.Api.SendAsync(group.Id, "all can read this");
        Assert.Equal("all can read this", (await ada.Api.MessagesAsync(group.Id)).Messages[0].Text);
    }

    [Fact]
    public async Task Should_not_block_oneself()
    {
        var ada = await server.SignUpAsync("Ada");
        Assert.Equal("bad_request", (await RawCalls.RefusedAsync(() => BlockAsync(ada, ada))).Code);
    }

    private static async Task<bool> IsOnlineAsync(ChatClient watcher, TestUser user) =>
        (await watcher.RequestAsync("presence.get", new { users = new[] { user.Id } }))
            .GetProperty("users")[0]
            .GetProperty("online")
            .GetBoolean();
}
