using Akka.Actor;
using Akka.Cluster;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Operators;

/// <summary>Whether a member said how it stands.</summary>
public enum MemberAnswer
{
    Ok,

    /// <summary>It was asked and said nothing in time.</summary>
    None,

    /// <summary>It is unreachable, or hosts nothing that could answer.</summary>
    NotAsked,
}

/// <param name="Node"><c>host:port</c>.</param>
/// <param name="Self">The node that was asked for this.</param>
/// <param name="Stats">Null unless <paramref name="Answer"/> is <see cref="MemberAnswer.Ok"/>.</param>
public sealed record NodeView(
    string Node,
    string Address,
    IReadOnlyList<string> Roles,
    MemberStatus Status,
    bool Unreachable,
    bool Leader,
    bool Oldest,
    bool Self,
    MemberAnswer Answer,
    OperatorProtocol.NodeStats? Stats
);

/// <summary>The members of the cluster as this node sees them, each with its own word on how it stands.</summary>
public sealed class ClusterReader(ActorSystem system)
{
    /// <summary>Role of the seeds, which host nothing.</summary>
    public const string Lighthouse = "lighthouse";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private Cluster Cluster => Cluster.Get(system);

    public async Task<IReadOnlyList<NodeView>> MembersAsync(CancellationToken cancel)
    {
        var state = Cluster.State;
        var oldest = state.Members.Count == 0 ? null : state.Members.Aggregate((a, b) => a.IsOlderThan(b) ? a : b);
        return await Task.WhenAll(state.Members.Select(ViewAsync));

        async Task<NodeView> ViewAsync(Member member)
        {
            var unreachable = state.Unreachable.Contains(member);
            var asked = !unreachable && !member.HasRole(Lighthouse);
            var stats = asked ? await StatsAsync(member.Address, cancel) : null;
            return new NodeView(
                member.Address.NodeName(),
                member.Address.ToString(),
                [.. member.Roles.Order(StringComparer.Ordinal)],
                member.Status,
                unreachable,
                member.Address.Equals(state.Leader),
                member.Equals(oldest),
                member.UniqueAddress.Equals(Cluster.SelfUniqueAddress),
                stats is not null ? MemberAnswer.Ok
                    : asked ? MemberAnswer.None
                    : MemberAnswer.NotAsked,
                stats
            );
        }
    }

    /// <summary>The member with this name, or null.</summary>
    public Member? Find(string node) =>
        Cluster.State.Members.FirstOrDefault(m => string.Equals(m.Address.NodeName(), node, StringComparison.Ordinal));

    public bool IsUnreachable(Member member) => Cluster.State.Unreachable.Contains(member);

    public string SelfName => Cluster.SelfAddress.NodeName();

    public string SelfAddress => Cluster.SelfAddress.ToString();

    /// <summary>The member shuts down in order: sockets, shards, cluster, process.</summary>
    public void Leave(Member member) => Cluster.Leave(member.Address);

    /// <summary>The cluster goes on without it, whatever it does.</summary>
    public void Down(Member member) => Cluster.Down(member.Address);

    /// <returns>Null when it did not answer in time.</returns>
    public async Task<OperatorProtocol.DrainSet?> DrainAsync(Member member, bool on, CancellationToken cancel)
    {
        try
        {
            return await ActorOf(member.Address)
                .Ask<OperatorProtocol.DrainSet>(new OperatorProtocol.SetDrain(on), Patience, cancel);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private async Task<OperatorProtocol.NodeStats?> StatsAsync(Address node, CancellationToken cancel)
    {
        try
        {
            return await ActorOf(node)
                .Ask<OperatorProtocol.NodeStats>(OperatorProtocol.GetNodeStats.Instance, Patience, cancel);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private ActorSelection ActorOf(Address node) =>
        system.ActorSelection(new RootActorPath(node) / "user" / OperatorProtocol.ActorName);
}
