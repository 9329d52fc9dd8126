using System.Net;
using System.Net.Http.Json;
using ChatAi.Testing;
using Xunit.Abstractions;
using static ChatAi.Containers.Tests.Cluster.ContainerCluster;

namespace ChatAi.Containers.Tests.Cluster;

/// <summary>The compose cluster, through its proxy, while nodes go and come back.</summary>
public sealed class ContainerClusterTests(ContainerCluster cluster, ITestOutputHelper output)
    : IClassFixture<ContainerCluster>
{
    private const int Pairs = 4;
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task Should_run_without_rights_on_a_root_that_cannot_be_written()
    {
        await RequireAsync();
        foreach (var container in Nodes.Concat(Seeds))
        {
            var inspected = await cluster.InspectAsync(container);
            Assert.Equal("1654", inspected.GetProperty("Config").GetProperty("User").GetString());
            Assert.True(inspected.GetProperty("HostConfig").GetProperty("ReadonlyRootfs").GetBoolean());
            Assert.Equal(0, inspected.GetProperty("RestartCount").GetInt32());
            Assert.False(await cluster.Engine.SucceedsAsync("exec", container, "touch", "/app/written"));
            Assert.True(await cluster.Engine.SucceedsAsync("exec", container, "touch", "/tmp/written"));
        }
    }

    [SkippableFact]
    public async Task Should_tell_their_health_themselves()
    {
        await RequireAsync();
        foreach (var (container, program) in new[] { (Nodes[0], "ChatNode.dll"), (Seeds[0], "Lighthouse.dll") })
        {
            string[] ask = ["exec", container, "dotnet", program, "health"];
            Assert.Contains("\"healthy\"", await cluster.Engine.DockerAsync(ask), StringComparison.Ordinal);
            Assert.False(await cluster.Engine.SucceedsAsync([.. ask, "http://127.0.0.1:9"]));
        }
    }

    [SkippableFact]
    public async Task Should_show_operators_what_people_do_not_see()
    {
        await RequireAsync();
        foreach (var path in new[] { "/metrics", "/v1/admin/cluster" })
        {
            using var hidden = await new ChatApi(cluster.People, cluster.AdminToken).SendRawAsync(HttpMethod.Get, path);
            using var shown = await new ChatApi(cluster.Operators, cluster.AdminToken).SendRawAsync(
                HttpMethod.Get,
                path
            );
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        }

        var seen = await new ChatApi(cluster.Operators, cluster.AdminToken).CallAsync(
            HttpMethod.Get,
            "/v1/admin/cluster"
        );
        Assert.Equal(Nodes.Count + Seeds.Count, seen.GetProperty("members").GetArrayLength());
    }

    [SkippableFact]
    public async Task Should_know_callers_by_the_address_that_the_proxy_saw()
    {
        await RequireAsync();
        var proxy = await cluster.InspectAsync(Container("haproxy"));
        var network = proxy.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Single().Value;
        using var call = new HttpRequestMessage(HttpMethod.Put, new Uri(cluster.Operators, "/v1/admin/ai"));
        call.Content = JsonContent.Create(new { enabled = true });
        call.Headers.Authorization = new("Bearer", cluster.AdminToken);
        // What a client says of itself counts for nothing.
        call.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        (await http.SendAsync(call)).EnsureSuccessStatusCode();

        var audit = await new ChatApi(cluster.Operators, cluster.AdminToken).CallAsync(
            HttpMethod.Get,
            "/v1/admin/audit"
        );

        var from = audit.GetProperty("entries")[0].GetProperty("address").GetString();
        Assert.Equal(network.GetProperty("Gateway").GetString(), from);
    }

    [SkippableFact]
    public async Task Should_lose_and_double_nothing_when_a_node_is_killed()
    {
        await RequireAsync();
        await TalkWhileAsync(async () => await cluster.Engine.DockerAsync("kill", Nodes[0]));
    }

    [SkippableFact]
    public async Task Should_tell_sockets_to_come_back_and_end_in_order_when_a_node_is_stopped()
    {
        await RequireAsync();

        var ends = await TalkWhileAsync(async () => await cluster.Engine.DockerAsync("stop", Nodes[1]));

        var state = (await cluster.InspectAsync(Nodes[1])).GetProperty("State");
        Assert.Equal(0, state.GetProperty("ExitCode").GetInt32());
        Assert.All(ends, end => Assert.Contains("4001", end, StringComparison.Ordinal));
    }

    private async Task RequireAsync()
    {
        Skip.If(cluster.WhyNot.Length > 0, cluster.WhyNot);
        output.WriteLine(cluster.Story);
        await cluster.AllUpAsync();
    }

    /// <summary>People talk in pairs; something happens to a node; all that was acknowledged is there once.</summary>
    /// <returns>How the sockets ended that did: at least one.</returns>
    private async Task<IReadOnlyList<string>> TalkWhileAsync(Func<Task> happens)
    {
        using var late = new CancellationTokenSource(Enough);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(late.Token);
        var talkers = await MeetAsync(late.Token);
        try
        {
            var talking = talkers.Select(t => t.TalkAsync(() => { }, enough.Token, late.Token)).ToList();
            var all = Task.WhenAll(talking);
            await EachHasAsync(talkers, 20, all, late.Token);
            await happens();
            var before = talkers.Select(talker => talker.Acknowledged).ToList();
            await EachHasAsync(talkers, before.Max() + 20, all, late.Token);
            await enough.CancelAsync();
            await all;

            await CheckAsync(talkers, late.Token);
            var ends = talkers.SelectMany(talker => talker.Ends).ToList();
            output.WriteLine(
                $"{talkers.Sum(t => t.Acknowledged)} acknowledged, {ends.Count} sockets broke: {string.Join("; ", ends)}"
            );
            Assert.NotEmpty(ends);
            return ends;
        }
        finally
        {
            foreach (var talker in talkers)
                await talker.DisposeAsync();
        }
    }

    private async Task<List<Talker>> MeetAsync(CancellationToken late)
    {
        var talkers = new List<Talker>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            var ada = await TestUser.SignUpAsync(cluster.People, $"Ada {pair}");
            var bob = await TestUser.SignUpAsync(cluster.People, $"Bob {pair}");
            var chat = await ada.Api.CreateChatAsync("1_to_1", [bob.Id]);
            talkers.AddRange([new Talker(ada, chat.Id), new Talker(bob, chat.Id)]);
        }
        foreach (var talker in talkers)
            await talker.ConnectAsync(late);
        return talkers;
    }

    private static async Task EachHasAsync(List<Talker> talkers, int messages, Task talking, CancellationToken late)
    {
        while (talkers.Any(talker => talker.Acknowledged < messages) && !talking.IsCompleted)
            await Task.Delay(50, late);
    }

    private static async Task CheckAsync(List<Talker> talkers, CancellationToken late)
    {
        foreach (var pair in talkers.GroupBy(talker => talker.Chat))
        {
            var last = pair.SelectMany(talker => talker.Attempts).Max(attempt => attempt.Answer?.Seq ?? 0);
            var stored = await StoredUpToAsync(pair.First(), last, late);
            Assert.Equal(stored.Count, stored.Select(message => message.Seq).Distinct().Count());
            foreach (var attempt in pair.SelectMany(talker => talker.Attempts))
            {
                var copies = stored.Where(message => message.Text == attempt.Text).ToList();
                Assert.Equal(attempt.Answer is null ? copies.Count : 1, copies.Count);
                Assert.True(copies.Count <= 1, $"'{attempt.Text}' is there {copies.Count} times.");
                if (attempt.Answer is { } answer)
                    Assert.Equal((answer.Seq, answer.Msg), (copies[0].Seq, copies[0].Msg));
            }
            foreach (var talker in pair)
            {
                var view = await talker.ViewUpToAsync(stored[^1].Seq, late);
                var shown = view.Where(seen => seen.Ev == "message.created").Select(seen => seen.Text).ToList();
                Assert.Equal(stored.Select(message => message.Text).TakeLast(shown.Count), shown);
                Assert.Equal(stored.Count, shown.Count);
            }
        }
    }

    /// <summary>History is read from tables that follow the journal.</summary>
    private static async Task<IReadOnlyList<MessageInfo>> StoredUpToAsync(
        Talker talker,
        long seq,
        CancellationToken late
    )
    {
        var all = new List<MessageInfo>();
        while (all.Count == 0 || all[^1].Seq < seq)
        {
            late.ThrowIfCancellationRequested();
            var after = all.Count == 0 ? 0 : all[^1].Seq;
            var page = await talker.User.Api.MessagesAsync(talker.Chat, after: after, limit: 100);
            all.AddRange(page.Messages);
            if (page.Messages.Count == 0)
                await Task.Delay(100, late);
        }
        return all;
    }
}
