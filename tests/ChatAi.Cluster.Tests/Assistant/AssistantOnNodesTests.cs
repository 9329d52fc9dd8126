using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ChatAi.Shared.Domain;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using ChatAi.Testing.Models;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests.Assistant;

/// <summary>
/// The assistant of a cluster whose workers are on nodes of their own, with a model that the test plays. One cluster, so
/// one test.
/// </summary>
public sealed class AssistantOnNodesTests(ITestOutputHelper output)
{
    private const string Token = "operators-only-0123456789";
    private const int RunsAnHour = 5;
    private static readonly TimeSpan LostNode = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task Should_work_for_people_on_all_nodes_and_outlive_the_loss_of_a_worker()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await using var model = await ModelServer.StartAsync();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ChatAi__Ai__Provider"] = "openai",
            ["ChatAi__Ai__Endpoint"] = model.Endpoint.ToString(),
            ["ChatAi__Ai__Model"] = "any",
            ["ChatAi__Ai__Quota__RunsPerUserPerHour"] = $"{RunsAnHour}",
            ["ChatAi__Admin__Token"] = Token,
        };
        await ChatCluster.RunAsync(
            new ClusterPlan(2, ["gateway,chat", "gateway,chat", "ai", "ai"], settings, Durable: false),
            output.WriteLine,
            async cluster =>
            {
                await Should_stop_a_run_from_another_node(cluster, model);
                await Should_count_a_users_runs_over_all_nodes(cluster, model);
                await Should_heed_the_operators_switch_on_every_node(cluster, model);
                await Should_give_a_dead_workers_run_to_another(cluster, model);
            }
        );
    }

    private async Task Should_stop_a_run_from_another_node(ChatCluster cluster, ModelServer model)
    {
        await using var talk = await Talk.OpenAsync(cluster);
        await talk.Here.SendAsync(talk.Chat, "@AI when is the release?");
        var call = await model.NextCallAsync();
        await call.SayAsync("The release");
        var delta = await talk.There.WaitForAsync(e => e.Ev == "ai.delta");
        Assert.Equal("The release", delta.Text);
        var run = delta.Run!.Value;

        // Asked on one node, worked at on a second, stopped by way of a third.
        var ann = await (talk.Ann with { Server = cluster.Nodes[1].Url }).ConnectAsync();
        var clock = Stopwatch.StartNew();
        await ann.RequestAsync("ai.cancel", new { run });
        await call.Aborted.WaitAsync(ChatClient.Patience);
        output.WriteLine($"Cancel on another node to the model's end: {clock.Elapsed.TotalMilliseconds:F0} ms.");
        foreach (var client in new[] { talk.Here, talk.There })
            Assert.Equal("cancelled", StatusOf(await EndOfRunAsync(client, run)));
        await ann.DisposeAsync();
    }

    private static async Task Should_count_a_users_runs_over_all_nodes(ChatCluster cluster, ModelServer model)
    {
        await using var talk = await Talk.OpenAsync(cluster);
        await using var elsewhere = await (talk.Ann with { Server = cluster.Nodes[1].Url }).ConnectAsync();
        for (var i = 0; i < RunsAnHour; i++)
        {
            var client = i % 2 == 0 ? talk.Here : elsewhere;
            var run = (await client.AskAiAsync(talk.Chat, "reply", "when?")).Run;
            var call = await model.NextCallAsync();
            await call.SayAsync("I do not know.");
            await call.FinishAsync();
            Assert.Equal("done", StatusOf(await EndOfRunAsync(client, run)));
        }
        foreach (var client in new[] { talk.Here, elsewhere })
            Assert.Equal(
                ErrorCode.QuotaExceeded,
                await CodeOfAsync(() => client.AskAiAsync(talk.Chat, "reply", "when?"))
            );
    }

    private static async Task Should_heed_the_operators_switch_on_every_node(ChatCluster cluster, ModelServer model)
    {
        await using var talk = await Talk.OpenAsync(cluster);
        var run = (await talk.Here.AskAiAsync(talk.Chat, "reply", "when?")).Run;
        var call = await model.NextCallAsync();
        await call.SayAsync("The");

        await SwitchAsync(cluster.Nodes[1], false);

        await call.Aborted.WaitAsync(ChatClient.Patience);
        Assert.Equal("failed", StatusOf(await EndOfRunAsync(talk.There, run)));
        // The word reaches the nodes one after the other: until the chat's has it, a run begins and fails.
        while (await AskedAsync(talk) is { } early)
            Assert.Equal("failed", StatusOf(await EndOfRunAsync(talk.There, early)));
        Assert.Null(await AskedAsync(talk with { Here = talk.There }));
        await talk.There.SendAsync(talk.Chat, "people go on talking");

        await SwitchAsync(cluster.Nodes[0], true);
        Guid? again;
        var clock = Stopwatch.StartNew();
        while ((again = await AskedAsync(talk)) is null)
        {
            Assert.True(clock.Elapsed < ChatClient.Patience, "The assistant stays off.");
            await Task.Delay(50);
        }
        call = await model.NextCallAsync();
        await call.SayAsync("On Friday.");
        await call.FinishAsync();
        Assert.Equal("done", StatusOf(await EndOfRunAsync(talk.There, again.Value)));
    }

    private async Task Should_give_a_dead_workers_run_to_another(ChatCluster cluster, ModelServer model)
    {
        await using var talk = await Talk.OpenAsync(cluster);
        // One worker a node: each of the two has one of them.
        var asked = new[] { "first?", "second?" };
        var runs = new List<Guid>();
        var calls = new List<ModelCall>();
        foreach (var question in asked)
        {
            runs.Add((await talk.Here.AskAiAsync(talk.Chat, "reply", question)).Run);
            calls.Add(await model.NextCallAsync());
            await calls[^1].SayAsync("On ");
        }

        cluster.Nodes[3].Kill9();

        var clock = Stopwatch.StartNew();
        var lost =
            await Task.WhenAny(calls.Select(c => c.Aborted)).WaitAsync(ChatClient.Patience) == calls[0].Aborted ? 0 : 1;
        await calls[1 - lost].SayAsync("Friday.");
        await calls[1 - lost].FinishAsync();
        Assert.Equal("done", StatusOf(await EndOfRunAsync(talk.There, runs[1 - lost])));
        var again = await model.NextCallAsync(LostNode);
        output.WriteLine($"A killed worker's run is with another after {clock.Elapsed.TotalSeconds:F1} s.");
        Assert.Contains(asked[lost], again.Prompt, StringComparison.Ordinal);
        await again.SayAsync("Saturday.");
        await again.FinishAsync();
        Assert.Equal("done", StatusOf(await EndOfRunAsync(talk.There, runs[lost])));

        var last = await talk.Here.SendAsync(talk.Chat, "thanks");
        await talk.There.WaitForSeqAsync(talk.Chat, last.Seq);
        foreach (var run in runs)
        {
            Assert.Single(talk.There.Seen, e => e.Ev == "message.created" && e.Run == run);
            Assert.Single(talk.There.Seen, e => e.Ev == "ai.ended" && e.Run == run);
        }
    }

    private static async Task SwitchAsync(ClusterProcess node, bool enabled)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/admin/ai")
        {
            Content = JsonContent.Create(new { enabled }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Null where the assistant is off.</summary>
    private static async Task<Guid?> AskedAsync(Talk talk)
    {
        try
        {
            return (await talk.Here.AskAiAsync(talk.Chat, "reply", "when?")).Run;
        }
        catch (ChatErrorException refused) when (refused.Code == ErrorCode.AiDisabled)
        {
            return null;
        }
    }

    private static async Task<string> CodeOfAsync(Func<Task> call) =>
        (await Assert.ThrowsAsync<ChatErrorException>(call)).Code;

    private static Task<ChatEvent> EndOfRunAsync(ChatClient client, Guid run) =>
        client.WaitForAsync(e => e.Ev == "ai.ended" && e.Run == run);

    private static string StatusOf(ChatEvent ended) => ended.Field("status")!.Value.GetString()!;

    /// <summary>Two people in a group, each at a gateway of their own.</summary>
    private sealed record Talk(TestUser Ann, ChatClient Here, ChatClient There, Guid Chat) : IAsyncDisposable
    {
        public static async Task<Talk> OpenAsync(ChatCluster cluster)
        {
            var ann = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "Ann");
            var bob = await TestUser.SignUpAsync(cluster.Nodes[1].Url, "Bob");
            var (here, there) = (await ann.ConnectAsync(), await bob.ConnectAsync());
            var chat = (await here.CreateChatAsync("group", [bob.Id], "Release")).Id;
            await here.SendAsync(chat, "The release is on Friday at noon.");
            return new Talk(ann, here, there, chat);
        }

        public async ValueTask DisposeAsync()
        {
            await Here.DisposeAsync();
            await There.DisposeAsync();
        }
    }
}
