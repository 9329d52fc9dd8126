using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.OperatorProtocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary><see cref="AiSwitchProtocol"/> and <see cref="OperatorProtocol"/>.</summary>
internal static class OperatorMessages
{
    public static readonly IReadOnlyList<ClusterType> Types =
    [
        ClusterType.Of("switch.follow", AiSwitchProtocol.Follow.Instance),
        ClusterType.Of("switch.get", AiSwitchProtocol.Get.Instance),
        ClusterType.Of<AiSwitchProtocol.Switch, Wire.Switch>(
            "switch.set",
            Wire.Switch.Parser,
            m => new() { Enabled = m.Enabled },
            w => new(w.Enabled)
        ),
        ClusterType.Of<AiSwitchProtocol.State, Wire.SwitchState>(
            "switch.state",
            Wire.SwitchState.Parser,
            m =>
            {
                var wire = new Wire.SwitchState { Enabled = m.Enabled };
                if (m.Since is { } since)
                    wire.Since = since.ToWire();
                return wire;
            },
            w => new(w.Enabled, w.HasSince ? w.Since.ToTime() : null)
        ),
        ClusterType.Of("operators.get-stats", GetNodeStats.Instance),
        ClusterType.Of<NodeStats, Wire.NodeStats>("operators.stats", Wire.NodeStats.Parser, ToWire, ToDomain),
        ClusterType.Of<SetDrain, Wire.SetDrain>(
            "operators.set-drain",
            Wire.SetDrain.Parser,
            m => new() { On = m.On },
            w => new(w.On)
        ),
        ClusterType.Of<DrainSet, Wire.DrainSet>(
            "operators.drain",
            Wire.DrainSet.Parser,
            m => new() { On = m.On, Connections = m.Connections },
            w => new(w.On, w.Connections)
        ),
        ClusterType.Of("operators.sweep", Sweep.Instance),
        ClusterType.Of<Swept, Wire.Swept>(
            "operators.swept",
            Wire.Swept.Parser,
            m => new() { Stale = m.Stale, Woken = m.Woken },
            w => new(w.Stale, w.Woken)
        ),
        ClusterType.Of("operators.get-workers", GetWorkers.Instance),
        ClusterType.Of<Workers, Wire.Workers>(
            "operators.workers",
            Wire.Workers.Parser,
            m =>
            {
                var wire = new Wire.Workers();
                foreach (var node in m.Nodes)
                    wire.Nodes.Add(
                        new Wire.Workers.Types.Node
                        {
                            Node_ = node.Node,
                            Busy = node.Busy,
                            Idle = node.Idle,
                        }
                    );
                return wire;
            },
            w => new([.. w.Nodes.Select(node => new WorkerCount(node.Node_, node.Busy, node.Idle))])
        ),
    ];

    private static Wire.NodeStats ToWire(NodeStats m)
    {
        var wire = new Wire.NodeStats
        {
            Version = m.Version,
            StartedAt = m.StartedAt.ToWire(),
            Draining = m.Draining,
            Connections = m.Connections,
            Sessions = m.Sessions,
            Provider = m.Provider,
            Messages = m.Messages,
            WorkingSet = m.WorkingSet,
            Heap = m.Heap,
            CpuSeconds = m.CpuSeconds,
        };
        if (m.NotReady is not null)
            wire.NotReady = m.NotReady;
        foreach (var count in m.Entities)
            wire.Entities.Add(
                new Wire.NodeStats.Types.EntityCount
                {
                    Kind = count.Kind,
                    Shards = count.Shards,
                    Entities = count.Entities,
                }
            );
        return wire;
    }

    private static NodeStats ToDomain(Wire.NodeStats wire) =>
        new(
            wire.Version,
            wire.StartedAt.ToTime(),
            wire.HasNotReady ? wire.NotReady : null,
            wire.Draining,
            wire.Connections,
            wire.Sessions,
            [.. wire.Entities.Select(count => new EntityCount(count.Kind, count.Shards, count.Entities))],
            wire.Provider,
            wire.Messages,
            wire.WorkingSet,
            wire.Heap,
            wire.CpuSeconds
        );
}
