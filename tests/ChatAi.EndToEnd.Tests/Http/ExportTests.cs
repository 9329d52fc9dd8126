using System.Text.Json;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>The export shows all that is the person's or theirs to see, and nothing else.</summary>
[Collection(HttpServer.Collection)]
public sealed class ExportTests(HttpServer server)
{
    private static Task<JsonElement> ExportAsync(TestUser user) => user.Api.CallAsync(HttpMethod.Get, "/v1/export");

    private static JsonElement ChatOf(JsonElement export, Guid chat) =>
        export
            .GetProperty("chats")
            .EnumerateArray()
            .Single(c => c.GetProperty("chat").GetProperty("id").GetGuid() == chat);

    private static IEnumerable<JsonElement> MessagesOf(JsonElement export, Guid chat) =>
        ChatOf(export, chat).GetProperty("messages").EnumerateArray();

    [Fact]
    public async Task Should_export_account_settings_and_every_message_in_order()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        await using var a = await ada.ConnectAsync();
        var group = await a.CreateChatAsync("group", [bob.Id], "Tea");
        var seqs = new List<long>();
        // More than a page of an answer and more than the entity keeps in memory.
        for (var i = 0; i < 230; i++)
            seqs.Add((await a.SendAsync(group.Id, $"line {i}")).Seq);
        var direct = (await a.SendToAsync(bob.Id, "just us")).Chat;
        await a.RequestAsync(
            "message.react",
            new
            {
                chat = direct,
                seq = 2,
                emoji = "👍",
            }
        );
        await ada.Api.CallAsync(HttpMethod.Patch, "/v1/me", new { last_seen = "contacts" });
        await ada.Api.CallAsync(HttpMethod.Put, $"/v1/blocks/{bob.Id}");

        var export = await ExportAsync(ada);

        Assert.True(export.GetProperty("complete").GetBoolean());
        var profile = export.GetProperty("profile");
        Assert.Equal(
            (ada.Id, ada.Phone),
            (profile.GetProperty("id").GetGuid(), profile.GetProperty("phone_number").GetString())
        );
        Assert.Equal("contacts", profile.GetProperty("last_seen").GetString());
        Assert.Single(export.GetProperty("devices").EnumerateArray());
        Assert.Equal(bob.Id, export.GetProperty("blocks")[0].GetProperty("user").GetGuid());
        Assert.Equal(2, export.GetProperty("chats").GetArrayLength());
        Assert.Equal(seqs, MessagesOf(export, group.Id).Select(m => m.GetProperty("seq").GetInt64()));
        Assert.Equal(
            "👍",
            MessagesOf(export, direct).Single().GetProperty("reactions")[0].GetProperty("emoji").GetString()
        );
        Assert.Equal("owner", ChatOf(export, group.Id).GetProperty("membership").GetProperty("role").GetString());
    }

    [Fact]
    public async Task Should_export_nothing_deleted_nothing_from_before_and_nothing_of_others()
    {
        var (ada, bob) = (await server.SignUpAsync("Ada"), await server.SignUpAsync("Bob"));
        var (eve, group) = (await server.SignUpAsync("Eve"), await ada.Api.CreateChatAsync("group", [bob.Id], "Tea"));
        await ada.Api.SendAsync(group.Id, "zq-before Eve came");
        await ada.Api.AddMembersAsync(group.Id, [eve.Id]);
        var taken = await ada.Api.SendAsync(group.Id, "zq-taken back");
        var kept = await ada.Api.SendAsync(group.Id, "kept");
        await using var a = await ada.ConnectAsync();
        await a.RequestAsync("message.delete", new { chat = group.Id, seq = taken.Seq });
        await a.SendToAsync(bob.Id, "zq-between the two");
        var own = (await ada.Api.AskAsync(group.Id, "reply", "zq-privately asked", true)).Run;

        var export = await ExportAsync(eve);

        Assert.DoesNotContain("zq-", export.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ada.Phone, export.ToString(), StringComparison.Ordinal);
        Assert.Equal([taken.Seq, kept.Seq], MessagesOf(export, group.Id).Select(m => m.GetProperty("seq").GetInt64()));
        Assert.Equal(2 + 1, ChatOf(export, group.Id).GetProperty("membership").GetProperty("from_seq").GetInt64());
        var mine = ChatOf(await ExportAsync(ada), group.Id).GetProperty("ai_runs")[0];
        Assert.Equal(own, mine.GetProperty("run").GetProperty("run").GetGuid());
        Assert.Equal("zq-privately asked", mine.GetProperty("prompt").GetString());

        await ada.Api.RemoveMemberAsync(group.Id, eve.Id);
        Assert.Empty((await ExportAsync(eve)).GetProperty("chats").EnumerateArray());
    }

    [Fact]
    public async Task Should_export_a_few_times_an_hour()
    {
        var ada = await server.SignUpAsync("Ada");
        for (var i = 0; i < 5; i++)
            await ExportAsync(ada);
        var refused = await RawCalls.RefusedAsync(() => ExportAsync(ada));
        Assert.Equal("rate_limited", refused.Code);
    }
}
