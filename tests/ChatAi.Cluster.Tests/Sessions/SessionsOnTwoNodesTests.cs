using System.Diagnostics;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests.Sessions;

/// <summary>One user on two nodes, and what becomes of them when a node is killed. One cluster, so one test.</summary>
public sealed class SessionsOnTwoNodesTests(ITestOutputHelper output)
{
    // The document's promises; the machine of a test may have much else to do.
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LostNode = TimeSpan.FromSeconds(30);
    private const int People = 8;

    [SkippableFact]
    public async Task Should_be_one_user_on_both_and_outlive_the_loss_of_one()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await ChatCluster.RunAsync(
            ClusterPlan.Equal(lighthouses: 1, nodes: 2) with
            {
                Settings = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ChatAi__Limits__ConnectionsPerUser"] = "3",
                },
            },
            output.WriteLine,
            async cluster =>
            {
                await Should_tell_every_session_everything(cluster);
                await Should_count_connections_over_all_nodes(cluster);
                await Should_sign_a_device_out_everywhere(cluster);
                await Should_resume_on_another_node(cluster);
                await Should_heal_after_the_loss_of_a_node(cluster);
            }
        );
    }

    private async Task Should_tell_every_session_everything(ChatCluster cluster)
    {
        var ada = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "ada");
        var bob = await TestUser.SignUpAsync(cluster.Nodes[1].Url, "bob");
        await using var here = await ada.ConnectAsync();
        await using var there = await (ada with { Server = cluster.Nodes[1].Url }).ConnectAsync();
        await using var other = await bob.ConnectAsync();
        var chat = (await here.CreateChatAsync("group", [ada.Id, bob.Id], "both")).Id;
        ChatClient[] all = [here, there, other];
        SendAnswer last = null!;
        foreach (var from in all)
            for (var i = 0; i < 10; i++)
                last = await from.SendAsync(chat, $"{i}");
        await there.RequestAsync(
            "message.edit",
            new
            {
                chat,
                seq = last.Seq - 10,
                text = "changed",
            }
        );
        await other.RequestAsync(
            "message.react",
            new
            {
                chat,
                seq = last.Seq,
                emoji = "👍",
            }
        );

        foreach (var client in all)
        {
            await client.WaitForSeqAsync(chat, last.Seq + 2);
            Assert.Equal(
                here.Timeline(chat).Select(e => (e.Seq, e.Ev, e.Text)),
                client.Timeline(chat).Select(e => (e.Seq, e.Ev, e.Text))
            );
        }
        output.WriteLine($"{all.Length} sessions on two nodes have the same {here.Timeline(chat).Count} events.");
    }

    private static async Task Should_count_connections_over_all_nodes(ChatCluster cluster)
    {
        var ada = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "ada");
        var there = ada with { Server = cluster.Nodes[1].Url };
        await using var first = await ada.ConnectAsync();
        await using var second = await there.ConnectAsync();
        await using var third = await there.ConnectAsync();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ada.ConnectAsync());

        Assert.Contains("quota_exceeded", refused.ToString(), StringComparison.Ordinal);
    }

    private async Task Should_sign_a_device_out_everywhere(ChatCluster cluster)
    {
        var laptop = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "ada", device: "laptop");
        var phone = await TestUser.SignUpAsync(cluster.Nodes[1].Url, "ada", laptop.Phone, "phone");
        await using var socket = await phone.ConnectAsync();
        var theirs = (await laptop.Api.DevicesAsync()).Devices.Single(device => device.Name == "phone");
        ChatApi[] doors = [.. cluster.Nodes.Select(node => new ChatApi(node.Url, phone.Tokens.AccessToken))];
        foreach (var door in doors)
            await door.MeAsync();

        var clock = Stopwatch.StartNew();
        await laptop.Api.RevokeDeviceAsync(theirs.Id);
        var end = await socket.Closed.WaitAsync(Promised);
        var closedAfter = clock.Elapsed;
        foreach (var door in doors)
            while (await IsLetInAsync(door))
                Assert.True(clock.Elapsed < Promised, "A signed-out device is still let in.");

        Assert.Equal(4503, end.Code);
        output.WriteLine($"Signed out: socket of the other node after {closedAfter}, tokens after {clock.Elapsed}.");
    }

    private static async Task<bool> IsLetInAsync(ChatApi api)
    {
        try
        {
            await api.MeAsync();
            return true;
        }
        catch (ChatErrorException refused) when (refused.Status == 401)
        {
            return false;
        }
    }

    private static async Task Should_resume_on_another_node(ChatCluster cluster)
    {
        var ada = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "ada");
        var bob = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "bob");
        await using var talker = await bob.ConnectAsync();
        var chat = (await talker.CreateChatAsync("group", [ada.Id, bob.Id], "resume")).Id;
        var before = await ada.ConnectAsync();
        await talker.SendAsync(chat, "before");
        await before.WaitForMessageAsync(chat, "before");
        before.Abort();
        await before.DisposeAsync();
        var last = await talker.SendAsync(chat, "meanwhile");

        await using var after = await (ada with { Server = cluster.Nodes[1].Url }).ConnectAsync(
            new ChatClientOptions(before.Memory)
        );

        Assert.True(after.Hello!.Resume!.Ok);
        Assert.Equal(last.Seq, after.Hello.Resume.Chats![chat].Head);
        await after.WaitForSeqAsync(chat, last.Seq);
    }

    private async Task Should_heal_after_the_loss_of_a_node(ChatCluster cluster)
    {
        var gone = await TestUser.SignUpAsync(cluster.Nodes[1].Url, "gone");
        var people = new List<TestUser>();
        var sessions = new List<ChatClient>();
        for (var i = 0; i < People; i++)
        {
            people.Add(await TestUser.SignUpAsync(cluster.Nodes[0].Url, $"p{i}"));
            sessions.Add(await people[i].ConnectAsync());
        }
        await using var lost = await gone.ConnectAsync();
        var chat = (await sessions[0].CreateChatAsync("group", [.. people.Select(p => p.Id), gone.Id], "all")).Id;
        var online = await sessions[0].RequestAsync("presence.get", new { users = new[] { gone.Id } });
        Assert.True(online.GetProperty("users")[0].GetProperty("online").GetBoolean());

        var clock = Stopwatch.StartNew();
        cluster.Nodes[1].Kill9();
        var sent = await SendUntilTakenAsync(sessions[1], chat, "after the kill");
        output.WriteLine($"Killed: the chat answered after {clock.Elapsed}.");
        foreach (var session in sessions)
            await session.WaitForSeqAsync(chat, sent.Seq, LostNode);
        output.WriteLine($"Killed: {People} sessions of the other node had the message after {clock.Elapsed}.");
        while (await IsOnlineAsync(sessions[0], gone.Id))
            Assert.True(clock.Elapsed < LostNode, "Who was on the lost node still seems to be there.");
        output.WriteLine($"Killed: who was there was offline after {clock.Elapsed}.");
        foreach (var person in people)
            Assert.True(await IsOnlineAsync(sessions[0], person.Id), $"{person.Name} is here and seems to be away.");
        var last = await sessions[2].SendAsync(chat, "all here?");
        foreach (var session in sessions)
        {
            await session.WaitForSeqAsync(chat, last.Seq, Promised);
            await session.DisposeAsync();
        }
    }

    // As a client does: the same message again until it has an answer.
    private static async Task<SendAnswer> SendUntilTakenAsync(ChatClient client, Guid chat, string text)
    {
        var (cid, clock) = (Guid.NewGuid(), Stopwatch.StartNew());
        while (true)
            try
            {
                return await client.SendAsync(chat, text, cid);
            }
            catch (ChatErrorException error) when (error.Retry && clock.Elapsed < LostNode)
            {
                await Task.Delay(error.AfterMs ?? 200);
            }
    }

    private static async Task<bool> IsOnlineAsync(ChatClient client, Guid user)
    {
        var clock = Stopwatch.StartNew();
        while (true)
            try
            {
                var found = await client.RequestAsync("presence.get", new { users = new[] { user } });
                return found.GetProperty("users")[0].GetProperty("online").GetBoolean();
            }
            catch (ChatErrorException error) when (error.Retry && clock.Elapsed < LostNode)
            {
                await Task.Delay(200);
            }
    }
}
