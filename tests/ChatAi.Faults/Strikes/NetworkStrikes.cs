using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Strikes;

/// <summary>
/// Partitions of the network between members. Clients and the database still reach both sides: the worst case, since
/// whoever is cut off can still acknowledge and write.
/// </summary>
public static class NetworkStrikes
{
    public static IEnumerable<Strike> All() =>
        [
            new("isolate-node", on => [on.Picked(on.Cluster.Nodes)], IsolateAsync, NeedsNetwork),
            new("split-halves", Half, SplitAsync, NeedsNetwork),
        ];

    private static string? NeedsNetwork(ChatCluster cluster) =>
        cluster.Network is null ? NetworkLab.WhyNot ?? "The cluster does not run in network namespaces." : null;

    // The smaller half; where both are equal, the one without the first member, whom the resolver keeps.
    private static List<ClusterProcess> Half(StrikeContext on)
    {
        var lighthouses = on.Cluster.Lighthouses.Skip(1).Take(on.Cluster.Lighthouses.Count / 2);
        var nodes = on.Cluster.Nodes;
        return
        [
            .. lighthouses,
            .. Enumerable.Range(0, nodes.Count / 2).Select(i => nodes[(on.Pick + i) % nodes.Count]),
        ];
    }

    private static async Task IsolateAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        await on.Cluster.Network!.IsolateAsync(victims.Select(victim => victim.Place));
        await HealAsync(on, victims);
    }

    private static async Task SplitAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        await on.Cluster.Network!.SplitAsync([.. victims.Select(victim => victim.Place)]);
        await HealAsync(on, victims);
    }

    private static async Task HealAsync(StrikeContext on, IReadOnlyList<ClusterProcess> victims)
    {
        await Task.WhenAll(on.ChatsAnswerAsync(), Task.Delay(on.Hold));
        await on.Cluster.Network!.HealAsync();
        await Task.WhenAll(victims.Select(Strike.BackAsync));
    }
}
