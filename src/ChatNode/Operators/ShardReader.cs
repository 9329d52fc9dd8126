using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Operators;

/// <param name="Node">Which has it.</param>
/// <param name="Entities">In memory.</param>
public sealed record ShardView(string Shard, string Node, int Entities);

/// <summary>Which node has which shards, from the regions of the whole cluster.</summary>
public sealed class ShardReader(
    IRequiredActor<ChatRegion> chats,
    IRequiredActor<UserRegion> users,
    IRequiredActor<PhoneRegion> phones,
    ClusterReader cluster
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <returns>Null where there is no such kind.</returns>
    /// <exception cref="AskTimeoutException">The regions did not answer.</exception>
    public async Task<IReadOnlyList<ShardView>?> ReadAsync(string kind, CancellationToken cancel)
    {
        var region = kind switch
        {
            ShardNames.Chats => chats.ActorRef,
            ShardNames.Users => users.ActorRef,
            ShardNames.Phones => phones.ActorRef,
            _ => null,
        };
        if (region is null)
            return null;
        var found = await region.Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience * 2, cancel);
        return
        [
            .. found
                .Regions.SelectMany(r =>
                    r.Value.Stats.Select(s => new ShardView(
                        s.Key,
                        r.Key.Host is null ? cluster.SelfName : r.Key.NodeName(),
                        s.Value
                    ))
                )
                .OrderBy(s => s.Node, StringComparer.Ordinal)
                .ThenBy(s => s.Shard.Length)
                .ThenBy(s => s.Shard, StringComparer.Ordinal),
        ];
    }
}
