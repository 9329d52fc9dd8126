using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests.Operators;

/// <summary>Operators see and move every node from any of them, and one message's way across nodes is one trace.</summary>
public sealed class OperatorClusterTests(ITestOutputHelper output)
{
    private const string Token = "operators-only-0123456789";
    private const string Text = "the words of a message, zq81c";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [SkippableFact]
    public async Task Should_trace_a_message_across_nodes_and_run_the_cluster_from_any_of_them()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await using var collector = await OtlpReceiver.StartAsync();
        var plan = ClusterPlan.Equal(lighthouses: 1, nodes: 2) with
        {
            Durable = false,
            Settings = new Dictionary<string, string>
            {
                ["ChatAi__Admin__Token"] = Token,
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Endpoint.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
        };
        await ChatCluster.RunAsync(
            plan,
            output.WriteLine,
            async cluster =>
            {
                var (here, there) = (cluster.Nodes[0], cluster.Nodes[1]);
                var ann = await TestUser.SignUpAsync(here.Url, "Ann");
                var bob = await TestUser.SignUpAsync(there.Url, "Bob");
                await using var annsSocket = await ann.ConnectAsync();
                await using var bobsSocket = await bob.ConnectAsync();
                await TraceAsync(collector, (ann, annsSocket, here), (bob, bobsSocket, there));
                await OperateAsync(cluster, here, there, bobsSocket);
            }
        );
    }

    private static async Task TraceAsync(
        OtlpReceiver collector,
        (TestUser User, ChatClient Socket, ClusterProcess Node) from,
        (TestUser User, ChatClient Socket, ClusterProcess Node) to
    )
    {
        var chat = (await from.Socket.SendToAsync(to.User.Id, "first")).Chat;
        await from.Socket.SendAsync(chat, Text);
        await to.Socket.WaitForMessageAsync(chat, Text);

        Span? last = null;
        await collector.WaitForAsync(
            span => span.Name == "frame.send" && span.Node == to.Node.Address && (last = span) is not null,
            Soon
        );
        var way = new List<Span> { last! };
        while (way[0].Parent.Length > 0)
            way.Insert(0, await collector.WaitForAsync(s => s.Id == way[0].Parent && s.Trace == way[0].Trace, Soon));

        Assert.Equal(["frame.receive", "chat.persist", "user.deliver", "frame.send"], way.Select(s => s.Name));
        Assert.Equal((from.Node.Address, to.Node.Address), (way[0].Node, way[^1].Node));
        foreach (var secret in new[] { Text, from.User.Phone, to.User.Phone })
            Assert.DoesNotContain(secret, collector.Raw, StringComparison.Ordinal);
    }

    private static async Task OperateAsync(
        ChatCluster cluster,
        ClusterProcess here,
        ClusterProcess there,
        ChatClient bobsSocket
    )
    {
        var (admin, elsewhere) = (new ChatApi(here.Url, Token), new ChatApi(there.Url, Token));
        var members = await MembersAsync(admin);
        Assert.Equal("not_asked", members[cluster.Lighthouses[0].Address].GetProperty("answer").GetString());
        foreach (var node in new[] { here, there })
            await StatsAsync(admin, node, stats => stats.GetProperty("connections").GetInt32() == 1);
        var overview = await admin.CallAsync(HttpMethod.Get, "/v1/admin/cluster");
        Assert.Equal(
            cluster.Nodes.Select(n => n.Address).Order(StringComparer.Ordinal),
            overview
                .GetProperty("assistant")
                .GetProperty("workers")
                .EnumerateArray()
                .Select(w => $"{w.GetProperty("node")}")
        );
        var shards = await admin.CallAsync(HttpMethod.Get, "/v1/admin/shards/users");
        Assert.NotEqual(0, shards.GetProperty("shards").GetArrayLength());

        await admin.CallAsync(HttpMethod.Put, $"/v1/admin/nodes/{there.Address}/drain");
        Assert.Equal(4001, (await bobsSocket.Closed.WaitAsync(Soon)).Code);
        Assert.False(await there.IsReadyAsync());
        await StatsAsync(admin, there, stats => stats.GetProperty("draining").GetBoolean());
        await elsewhere.CallAsync(HttpMethod.Delete, $"/v1/admin/nodes/{there.Address}/drain");
        await there.WaitUntilReadyAsync();
        await admin.CallAsync(HttpMethod.Post, "/v1/admin/summaries/sweep");

        // Whichever node was called, each can tell.
        var actions = (await elsewhere.CallAsync(HttpMethod.Get, "/v1/admin/audit")).GetProperty("entries");
        Assert.Equal(
            [
                ("summaries.sweep", here.Address, "done"),
                ("node.undrain", there.Address, "done"),
                ("node.drain", here.Address, "done"),
            ],
            actions
                .EnumerateArray()
                .Select(e => ($"{e.GetProperty("action")}", $"{e.GetProperty("node")}", $"{e.GetProperty("outcome")}"))
        );

        await DownAsync(admin, cluster.Lighthouses[0]);

        await admin.CallAsync(HttpMethod.Post, $"/v1/admin/nodes/{there.Address}/leave");
        await there.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, there.ExitCode);
        await GoneAsync(admin, there);
        Assert.True(await here.IsReadyAsync());
    }

    /// <summary>A member that has gone silent: refused while it counts as reachable, then the cluster goes on without it.</summary>
    private static async Task DownAsync(ChatApi admin, ClusterProcess silent)
    {
        silent.Suspend();
        var clock = Stopwatch.StartNew();
        HttpStatusCode status;
        do
        {
            Assert.True(clock.Elapsed < Soon, "The silent member is never unreachable.");
            await Task.Delay(50);
            using var answer = await admin.SendRawAsync(HttpMethod.Post, $"/v1/admin/nodes/{silent.Address}/down");
            status = answer.StatusCode;
        } while (status == HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.OK, status);
        await GoneAsync(admin, silent);
    }

    private static async Task GoneAsync(ChatApi admin, ClusterProcess node)
    {
        var clock = Stopwatch.StartNew();
        while ((await MembersAsync(admin)).ContainsKey(node.Address))
        {
            Assert.True(clock.Elapsed < Soon, $"{node.Name} is still a member.");
            await Task.Delay(50);
        }
    }

    /// <summary>Asks until the node says so: what it says of itself may be a second old.</summary>
    private static async Task StatsAsync(ChatApi admin, ClusterProcess node, Func<JsonElement, bool> fits)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var member = (await MembersAsync(admin))[node.Address];
            if (member.GetProperty("stats") is { ValueKind: JsonValueKind.Object } stats && fits(stats))
                return;
            Assert.True(clock.Elapsed < Soon, $"{node.Name} still says {member}");
            await Task.Delay(50);
        }
    }

    private static async Task<Dictionary<string, JsonElement>> MembersAsync(ChatApi admin) =>
        (await admin.CallAsync(HttpMethod.Get, "/v1/admin/cluster"))
            .GetProperty("members")
            .EnumerateArray()
            .ToDictionary(m => $"{m.GetProperty("node")}");
}
