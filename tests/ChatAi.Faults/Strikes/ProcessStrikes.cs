using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Strikes;

/// <summary>What can happen to processes.</summary>
public static class ProcessStrikes
{
    public static IEnumerable<Strike> All() =>
        [
            Kill("kill-lighthouse", on => [on.Picked(on.Cluster.Lighthouses)]),
            Kill("kill-node", on => [on.Picked(on.Cluster.Nodes)]),
            // The first node that started is the oldest until it is restarted: singletons live there.
            Kill("kill-singletons", on => [on.Cluster.Oldest("chat")]),
            Kill("kill-gateway", on => [on.Picked(Only(on, "gateway"))], on => WithoutRole(on, "gateway")),
            Kill("kill-chat", on => [on.Picked(Only(on, "chat"))], on => WithoutRole(on, "chat")),
            Kill("kill-ai", on => [on.Picked(Only(on, "ai"))], on => WithoutRole(on, "ai")),
            new("terminate-node", on => [on.Picked(on.Cluster.Nodes)], TerminateAsync, _ => null),
            new("freeze-node", on => [on.Picked(on.Cluster.Nodes)], FreezeAsync, _ => null),
            new("rolling-restart", _ => [], RollAsync, _ => null),
            new("kill-all", _ => [], KillAllAsync, _ => null),
        ];

    private static Strike Kill(
        string name,
        Func<StrikeContext, IReadOnlyList<ClusterProcess>> victims,
        Func<ChatCluster, string?>? whyNot = null
    ) => new(name, victims, KillAsync, whyNot ?? (_ => null));

    private static List<ClusterProcess> Only(StrikeContext on, string role) =>
        [.. on.Cluster.Nodes.Where(node => node.Roles == role)];

    private static string? WithoutRole(ChatCluster cluster, string role) =>
        cluster.Nodes.Any(node => node.Roles == role) ? null : $"No node of this cluster has the role {role} alone.";

    private static async Task KillAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        foreach (var victim in victims)
            victim.Kill9();
        // The others should answer alone, before it is back.
        var answering = on.ChatsAnswerAsync();
        await Task.Delay(on.Hold);
        await Task.WhenAny(answering, Task.Delay(on.Hold));
        foreach (var victim in victims)
            await victim.RestartAsync();
        await answering;
    }

    private static async Task TerminateAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        victims[0].Terminate();
        await on.ChatsAnswerAsync();
        await victims[0].WaitForExitAsync(TimeSpan.FromSeconds(60));
        await victims[0].RestartAsync();
    }

    private static async Task FreezeAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        victims[0].Suspend();
        await Task.WhenAll(on.ChatsAnswerAsync(), Task.Delay(on.Hold));
        victims[0].Resume();
        await Strike.BackAsync(victims[0]);
    }

    private static async Task RollAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        foreach (var process in on.Cluster.All)
        {
            process.Terminate();
            await on.ChatsAnswerAsync();
            await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
            await process.RestartAsync();
        }
    }

    private static async Task KillAllAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        foreach (var process in on.Cluster.All)
            process.Kill9();
        var answering = on.ChatsAnswerAsync();
        foreach (var process in on.Cluster.All)
            await process.StartAsync();
        await on.Cluster.WaitUntilReadyAsync();
        await answering;
    }
}
