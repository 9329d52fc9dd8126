namespace ChatAi.Shared.Protocol;

/// <summary>Between the node that an operator talks to and the operators' actor of every node.</summary>
public static class OperatorProtocol
{
    /// <summary>Name of the actor below <c>/user</c>, the same on every node.</summary>
    public const string ActorName = "operators";

    /// <summary>Answer: <see cref="NodeStats"/>.</summary>
    public sealed record GetNodeStats : IClusterMessage
    {
        public static readonly GetNodeStats Instance = new();
    }

    /// <param name="Kind">Name of the shard region.</param>
    /// <param name="Shards">That this node has.</param>
    /// <param name="Entities">In memory.</param>
    public sealed record EntityCount(string Kind, int Shards, int Entities);

    /// <param name="Version">Of the program.</param>
    /// <param name="NotReady">Why <c>/health/ready</c> refuses; null while it does not.</param>
    /// <param name="Draining">An operator sent its sockets away.</param>
    /// <param name="Connections">Open sockets.</param>
    /// <param name="Sessions">Of them those that are signed in.</param>
    /// <param name="Provider">The assistant's; empty on a node that runs none.</param>
    /// <param name="Messages">Accepted since the start.</param>
    /// <param name="WorkingSet">Bytes.</param>
    /// <param name="Heap">Bytes that the garbage collector holds.</param>
    /// <param name="CpuSeconds">Used since the start.</param>
    public sealed record NodeStats(
        string Version,
        DateTimeOffset StartedAt,
        string? NotReady,
        bool Draining,
        int Connections,
        int Sessions,
        IReadOnlyList<EntityCount> Entities,
        string Provider,
        long Messages,
        long WorkingSet,
        long Heap,
        double CpuSeconds
    ) : IClusterMessage;

    /// <summary>Sends the node's sockets elsewhere and lets no new ones in, or takes it back. Answer: <see cref="DrainSet"/>.</summary>
    public sealed record SetDrain(bool On) : IClusterMessage;

    /// <param name="Connections">Sockets that are still open.</param>
    public sealed record DrainSet(bool On, int Connections) : IClusterMessage;

    /// <summary>To the sweeper: sweep now. Answer: <see cref="Swept"/>.</summary>
    public sealed record Sweep : IClusterMessage
    {
        public static readonly Sweep Instance = new();
    }

    /// <param name="Stale">Chats asked to make a new summary.</param>
    /// <param name="Woken">Chats woken for their open runs.</param>
    public sealed record Swept(int Stale, int Woken) : IClusterMessage;

    /// <summary>To the assistant's queue. Answer: <see cref="Workers"/>.</summary>
    public sealed record GetWorkers : IClusterMessage
    {
        public static readonly GetWorkers Instance = new();
    }

    /// <param name="Nodes">By node, as the queue knows them.</param>
    public sealed record Workers(IReadOnlyList<WorkerCount> Nodes) : IClusterMessage;

    /// <param name="Node">The node's address.</param>
    /// <param name="Busy">Have a run.</param>
    /// <param name="Idle">Wait for one.</param>
    public sealed record WorkerCount(string Node, int Busy, int Idle);
}
