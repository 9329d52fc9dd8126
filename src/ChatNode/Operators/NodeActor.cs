using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Operators;

/// <summary>What a node needs to speak of itself.</summary>
/// <param name="Regions">By kind.</param>
/// <param name="Provider">Of the assistant; empty where the node runs none.</param>
public sealed record NodeFacts(
    IReadOnlyDictionary<string, IActorRef> Regions,
    GatewayEndpoint Gateway,
    Func<CancellationToken, Task<string?>> NotReady,
    string Provider,
    LatestLook Look,
    TimeProvider Time
);

/// <summary>
/// One a node, at the same path everywhere: tells operators on any node how this one stands and does what they ask of
/// it. It looks at most once a second, whoever asks, and every few seconds for the metrics.
/// </summary>
public sealed class NodeActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NodeFacts _facts;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IActorRef> _asking = [];
    private long? _lookedAt;
    private bool _looking;
    private string? _notReady = "";

    public static Props Props(NodeFacts facts) => Akka.Actor.Props.Create(() => new NodeActor(facts));

    public NodeActor(NodeFacts facts)
    {
        _facts = facts;
        Receive<Look>(_ => LookAround());
        Receive<OperatorProtocol.GetNodeStats>(_ => Tell(Sender));
        Receive<OperatorProtocol.NodeStats>(stats =>
        {
            _looking = false;
            _lookedAt = facts.Time.GetTimestamp();
            NoteReadiness(stats.NotReady);
            facts.Look.Stats = stats;
            foreach (var asking in _asking)
                asking.Tell(stats);
            _asking.Clear();
        });
        Receive<Status.Failure>(failed =>
        {
            _looking = false;
            _log.Warning(failed.Cause, "This node cannot say how it stands");
        });
        Receive<OperatorProtocol.SetDrain>(Drain);
        Receive<ClusterEvent.MemberLeft>(left => Leave(left.Member));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, Every);
        Akka.Cluster.Cluster.Get(Context.System)
            .Subscribe(
                Self,
                ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.MemberLeft)
            );
    }

    protected override void PostStop() => Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);

    private void Tell(IActorRef asking)
    {
        if (_lookedAt is { } at && _facts.Look.Stats is { } stats && _facts.Time.GetElapsedTime(at) < Fresh)
            asking.Tell(stats);
        else
        {
            _asking.Add(asking);
            LookAround();
        }
    }

    private void NoteReadiness(string? notReady)
    {
        if (notReady == _notReady)
            return;
        _notReady = notReady;
        if (notReady is null)
            _log.Warning("This node is ready");
        else
            _log.Warning("This node is not ready: {0}", notReady);
    }

    private void LookAround()
    {
        if (_looking)
            return;
        _looking = true;
        _ = LookAsync(_facts).PipeTo(Self);
    }

    // At the first word of it: sockets go before shards do, and the process ends as one that was told to. Left to itself
    // the cluster begins when the node is nearly out, and may then take its removal for its own downfall.
    private static void Leave(Member member)
    {
        if (member.UniqueAddress == Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress)
            _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    private void Drain(OperatorProtocol.SetDrain drain)
    {
        var gateway = _facts.Gateway;
        if (drain.On && !gateway.IsDraining)
            _ = gateway.DrainAsync();
        else if (!drain.On)
            gateway.Undrain();
        _lookedAt = null;
        Sender.Tell(new OperatorProtocol.DrainSet(gateway.IsDraining, gateway.Connections));
    }

    private static async Task<OperatorProtocol.NodeStats> LookAsync(NodeFacts facts)
    {
        using var late = new CancellationTokenSource(Patience * 2, facts.Time);
        var notReady = facts.NotReady(late.Token);
        var entities = await Task.WhenAll(facts.Regions.Select(r => CountAsync(r.Key, r.Value)));
        using var process = Process.GetCurrentProcess();
        return new OperatorProtocol.NodeStats(
            ProgramVersion.Text,
            new DateTimeOffset(process.StartTime).ToUniversalTime(),
            await notReady,
            facts.Gateway.IsDraining,
            facts.Gateway.Connections,
            NodeMetrics.Sessions,
            [.. entities.OfType<OperatorProtocol.EntityCount>()],
            facts.Provider,
            NodeMetrics.Messages,
            process.WorkingSet64,
            GC.GetTotalMemory(forceFullCollection: false),
            process.TotalProcessorTime.TotalSeconds
        );
    }

    /// <summary>Null where the region does not answer: that is not the same as none.</summary>
    private static async Task<OperatorProtocol.EntityCount?> CountAsync(string kind, IActorRef region)
    {
        try
        {
            var found = await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, Patience);
            return new OperatorProtocol.EntityCount(kind, found.Stats.Count, found.Stats.Values.Sum());
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}

public static class Readiness
{
    /// <summary>Why this node is not ready, as <c>/health/ready</c> finds it; null when it is.</summary>
    public static async Task<string?> NotReadyAsync(this HealthCheckService health, CancellationToken cancel)
    {
        try
        {
            var report = await health.CheckHealthAsync(cancel);
            if (report.Status == HealthStatus.Healthy)
                return null;
            return string.Join(
                " ",
                report
                    .Entries.Where(e => e.Value.Status != HealthStatus.Healthy)
                    .Select(e => e.Value.Description ?? e.Key)
            );
        }
        catch (OperationCanceledException)
        {
            return "The checks did not end in time.";
        }
    }
}
