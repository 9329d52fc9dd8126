using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>Who hides is seen by nobody: not in answers, not in events, and they see nobody who is hidden from them.</summary>
[Collection(HttpServer.Collection)]
public sealed class PrivacyTests(HttpServer server)
{
    [Fact]
    public async Task Should_show_a_hidden_person_nowhere_and_let_them_see_nobody()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        await using var b = await bob.ConnectAsync();
        await using (var a = await ada.ConnectAsync())
        {
            var chat = (await a.SendToAsync(bob.Id, "hello")).Chat;
            Assert.True((await PresenceAsync(b, ada)).Online);
            Assert.True((await PresenceAsync(a, bob)).Online);
            var answer = await a.RequestAsync("privacy.set", new { last_seen = "nobody" });
            Assert.Equal("nobody", answer.GetProperty("last_seen").GetString());
            // Who had been watching is told at once that there is nothing to see.
            var hidden = await b.WaitForAsync(e => e.Ev == "presence");
            Assert.False(hidden.D.GetProperty("online").GetBoolean());

            var mark = b.Mark();
            Assert.Equal((false, false), await PresenceAsync(b, ada));
            Assert.Equal((false, false), await PresenceAsync(a, bob));
            await CheckCallsAsync(bob, ada, chat);
            await a.SendAsync(chat, "still here");
            await b.WaitForMessageAsync(chat, "still here");
            Assert.DoesNotContain(b.Seen.Skip(mark), e => e.Ev == "presence");
        }
        // Coming and going again is told to nobody.
        var quiet = b.Mark();
        await using (var again = await ada.ConnectAsync())
            Assert.Equal((false, false), await PresenceAsync(again, bob));
        Assert.Equal((false, false), await PresenceAsync(b, ada));
        Assert.DoesNotContain(b.Seen.Skip(quiet), e => e.Ev == "presence");

        var me = await ada.Api.CallAsync(HttpMethod.Patch, "/v1/me", new { last_seen = "everyone" });
        Assert.Equal("everyone", me.GetProperty("last_seen").GetString());
        Assert.True((await PresenceAsync(b, ada)).HasTime);
    }

    [Fact]
    public async Task Should_show_contacts_alone_whichever_of_the_two_keeps_their_chat()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        foreach (var (who, other) in new[] { (ada, bob), (bob, ada) })
        {
            await who.Api.CallAsync(HttpMethod.Patch, "/v1/me", new { last_seen = "contacts" });
            await using var w = await who.ConnectAsync();
            await using var o = await other.ConnectAsync();
            var areContacts = who == bob;
            Assert.Equal(areContacts, (await PresenceAsync(o, who)).Online);
            Assert.Equal(areContacts, (await PresenceAsync(w, other)).Online);
            if (!areContacts)
                await w.SendToAsync(other.Id, "hello");
            Assert.True((await PresenceAsync(o, who)).Online);
            Assert.True((await PresenceAsync(w, other)).Online);
            await who.Api.CallAsync(HttpMethod.Patch, "/v1/me", new { last_seen = "everyone" });
        }
    }

    [Fact]
    public async Task Should_refuse_what_is_no_choice_and_change_nothing_then()
    {
        var ada = await server.SignUpAsync("Ada");
        foreach (var body in new object[] { new { last_seen = "friends" }, new { }, new { last_seen = 3 } })
        {
            var refused = await RawCalls.RefusedAsync(() => ada.Api.CallAsync(HttpMethod.Patch, "/v1/me", body));
            Assert.Equal("bad_request", refused.Code);
        }
        var bad = await RawCalls.RefusedAsync(() =>
            ada.Api.CallAsync(HttpMethod.Patch, "/v1/me", new { display_name = "", last_seen = "nobody" })
        );
        Assert.Equal("bad_request", bad.Code);
        await using var a = await ada.ConnectAsync();
        Assert.Equal("bad_request", (await RawCalls.RefusedAsync(() => a.RequestAsync("privacy.set"))).Code);
        var me = await ada.Api.CallAsync(HttpMethod.Get, "/v1/me");
        Assert.Equal("everyone", me.GetProperty("last_seen").GetString());
    }

    private static async Task CheckCallsAsync(TestUser by, TestUser hidden, Guid chat)
    {
        string[] paths =
        [
            $"/v1/users/{hidden.Id}",
            $"/v1/users/lookup?phone={Uri.EscapeDataString(hidden.Phone)}",
            "/v1/chats",
            $"/v1/chats/{chat}",
            $"/v1/chats/{chat}/messages",
        ];
        foreach (var path in paths)
        {
            var answer = (await by.Api.CallAsync(HttpMethod.Get, path)).ToString();
            foreach (var word in new[] { "last_active", "last_seen", "online" })
                Assert.DoesNotContain(word, answer, StringComparison.Ordinal);
        }
    }

    private static async Task<(bool Online, bool HasTime)> PresenceAsync(ChatClient watcher, TestUser user)
    {
        var answer = await watcher.RequestAsync("presence.get", new { users = new[] { user.Id } });
        var presence = answer.GetProperty("users")[0];
        return (presence.GetProperty("online").GetBoolean(), presence.TryGetProperty("last_active_at", out _));
    }
}
