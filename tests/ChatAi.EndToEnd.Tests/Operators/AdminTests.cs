using System.Text.Json;
using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Operators;

/// <summary>What operators see of one node and do with it.</summary>
public sealed class AdminTests(OperatorServer server) : IClassFixture<OperatorServer>
{
    private static JsonElement Stats(JsonElement cluster) => cluster.GetProperty("members")[0].GetProperty("stats");

    [Fact]
    public async Task Should_tell_how_the_node_stands()
    {
        var ann = await TestUser.SignUpAsync(server.Process.Url, "Ann");
        var bob = await TestUser.SignUpAsync(server.Process.Url, "Bob");
        await using var socket = await ann.ConnectAsync();
        await socket.SendToAsync(bob.Id, "hi");

        var cluster = await server.EventuallyAsync(
            "cluster",
            c =>
                Stats(c).GetProperty("sessions").GetInt32() >= 1
                && Stats(c).GetProperty("messages").GetInt64() >= 1
                && c.GetProperty("journal").GetProperty("head").GetInt64() > 0
                && c.GetProperty("journal")
                    .GetProperty("projections")
                    .EnumerateArray()
                    .All(p => p.GetProperty("behind").GetInt64() == 0)
        );

        var member = cluster.GetProperty("members")[0];
        Assert.Equal(
            ("up", true, true, true, false, "ok"),
            (
                member.GetProperty("status").GetString(),
                member.GetProperty("leader").GetBoolean(),
                member.GetProperty("oldest").GetBoolean(),
                member.GetProperty("self").GetBoolean(),
                member.GetProperty("unreachable").GetBoolean(),
                member.GetProperty("answer").GetString()
            )
        );
        Assert.Equal(
            ["ai", "chat", "gateway"],
            member.GetProperty("roles").EnumerateArray().Select(role => role.GetString())
        );
        var stats = member.GetProperty("stats");
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("not_ready").ValueKind);
        Assert.True(stats.GetProperty("connections").GetInt32() >= 1);
        var users = stats
            .GetProperty("entities")
            .EnumerateArray()
            .Single(e => e.GetProperty("kind").ValueEquals("users"));
        Assert.True(users.GetProperty("entities").GetInt32() >= 2, users.ToString());
        Assert.True(cluster.GetProperty("journal").GetProperty("reachable").GetBoolean());
        Assert.True(cluster.GetProperty("assistant").GetProperty("enabled").GetBoolean());

        using var metrics = await server.Admin.SendRawAsync(HttpMethod.Get, "/metrics");
        var text = await metrics.Content.ReadAsStringAsync();
        foreach (
            var sample in new[]
            {
                @"chatai_messages_accepted_total{[^}]*sender=""person""[^}]*} [1-9]",
                @"chatai_message_ack_seconds_count{[^}]*} [1-9]",
                @"chatai_message_delivery_seconds_count{[^}]*} [1-9]",
                @"chatai_journal_write_seconds_count{[^}]*} [1-9]",
                @"chatai_journal_write_failures_total{[^}]*kind=""refused""[^}]*} 0",
                @"chatai_connections{[^}]*} [1-9]",
                @"chatai_sessions{[^}]*} [1-9]",
                @"chatai_entities{[^}]*kind=""users""[^}]*} [1-9]",
                @"chatai_cluster_members{[^}]*status=""up""[^}]*} 1",
                @"chatai_projection_lag_seconds{[^}]*} ",
                @"dotnet_gc_collections_total",
            }
        )
            Assert.Matches(sample, text);

        var shards = (await server.GetAsync("shards/users")).GetProperty("shards").EnumerateArray().ToList();
        Assert.Equal(users.GetProperty("shards").GetInt32(), shards.Count);
        Assert.All(
            shards,
            s => Assert.Equal(member.GetProperty("node").GetString(), s.GetProperty("node").GetString())
        );
        Assert.Equal(404, (await server.RawAsync(HttpMethod.Get, "shards/cups")).Status);
    }

    [Fact]
    public async Task Should_drain_the_node_and_take_it_back()
    {
        var node = (await server.MemberAsync()).GetProperty("node").GetString();
        var cat = await TestUser.SignUpAsync(server.Process.Url, "Cat");
        await using var socket = await cat.ConnectAsync();

        await server.Admin.CallAsync(HttpMethod.Put, $"/v1/admin/nodes/{node}/drain");

        await socket.WaitForAsync(e => e.Ev == "drain");
        Assert.Equal(4001, (await socket.Closed.WaitAsync(ChatClient.Patience)).Code);
        Assert.Equal(503, (await server.Admin.RawAsync(HttpMethod.Get, "/health/ready")).Status);
        await Assert.ThrowsAnyAsync<Exception>(() => cat.ConnectAsync());
        await server.EventuallyAsync(
            "cluster",
            c => Stats(c).GetProperty("draining").GetBoolean() && Stats(c).GetProperty("connections").GetInt32() == 0
        );
        Assert.Equal("up", (await server.MemberAsync()).GetProperty("status").GetString());

        await server.Admin.CallAsync(HttpMethod.Delete, $"/v1/admin/nodes/{node}/drain");

        Assert.Equal(200, (await server.Admin.RawAsync(HttpMethod.Get, "/health/ready")).Status);
        await using var again = await cat.ConnectAsync();
    }

    [Fact]
    public async Task Should_keep_what_was_done_and_what_was_refused()
    {
        var node = (await server.MemberAsync()).GetProperty("node").GetString();
        Assert.Equal((409, "conflict"), await CodeAsync($"nodes/{node}/down"));
        Assert.Equal((404, "not_found"), await CodeAsync("nodes/127.0.0.1:1/leave"));
        await server.Admin.CallAsync(HttpMethod.Post, "/v1/admin/summaries/sweep");

        var page = await server.GetAsync("audit?limit=2");
        var entries = page.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(
            [("summaries.sweep", "", "done"), ("node.down", node, "refused")],
            entries.Select(e =>
                (
                    e.GetProperty("action").GetString(),
                    e.GetProperty("target").GetString(),
                    e.GetProperty("outcome").GetString()
                )
            )
        );
        Assert.All(entries, e => Assert.Equal("127.0.0.1", e.GetProperty("address").GetString()));
        Assert.All(entries, e => Assert.Matches("^[0-9a-f]{8}$", e.GetProperty("token").GetString()));
        var older = await server.GetAsync($"audit?limit=2&before={page.GetProperty("next").GetInt64()}");
        Assert.All(
            older.GetProperty("entries").EnumerateArray(),
            e => Assert.True(e.GetProperty("id").GetInt64() < entries[1].GetProperty("id").GetInt64())
        );
        Assert.DoesNotContain(OperatorServer.Token, page.ToString(), StringComparison.Ordinal);
    }

    private async Task<(int, string?)> CodeAsync(string path)
    {
        var answer = await server.RawAsync(HttpMethod.Post, path);
        return (answer.Status, answer.Code);
    }

    [Fact]
    public async Task Should_list_rooms_whose_summary_is_behind()
    {
        var dan = await TestUser.SignUpAsync(server.Process.Url, "Dan");
        await using var socket = await dan.ConnectAsync();
        var room = (await socket.CreateChatAsync("group", [])).Id;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => socket.SendAsync(room, $"line {i}")));
        await Task.WhenAll(Enumerable.Range(50, 51).Select(i => socket.SendAsync(room, $"line {i}")));

        var stale = await server.EventuallyAsync("summaries/stale", s => s.GetProperty("rooms").GetArrayLength() > 0);

        var found = Assert.Single(stale.GetProperty("rooms").EnumerateArray());
        Assert.Equal((room, 101), (found.GetProperty("chat").GetGuid(), found.GetProperty("unsummarized").GetInt32()));
        Assert.Equal(0, (await server.GetAsync("rooms/bot-dominated")).GetProperty("rooms").GetArrayLength());
        Assert.Equal(400, (await server.RawAsync(HttpMethod.Get, "rooms/bot-dominated?before=x")).Status);
    }
}
