using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Operators;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>What a node has at the moment it is asked: observed from the last look, never worked out by a scrape.</summary>
public sealed class NodeGauges : IHostedService, IDisposable
{
    private readonly Meter _meter = new(NodeMetrics.MeterName);
    private readonly ActorSystem _system;
    private readonly LatestLook _look;
    private readonly GatewayEndpoint _gateway;

    public NodeGauges(ActorSystem system, LatestLook look, GatewayEndpoint gateway)
    {
        _system = system;
        _look = look;
        _gateway = gateway;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        NodeMetrics.Begin();
        _meter.CreateObservableGauge(
            "chatai.connections",
            () => _gateway.Connections,
            description: "Open sockets of this node."
        );
        _meter.CreateObservableGauge(
            "chatai.node.draining",
            () => _gateway.IsDraining ? 1 : 0,
            description: "1 while this node sends its sockets elsewhere."
        );
        _meter.CreateObservableGauge(
            "chatai.node.ready",
            () => _look.Stats is { NotReady: null } ? 1 : 0,
            description: "1 while /health/ready says yes."
        );
        _meter.CreateObservableGauge(
            "chatai.node.info",
            () =>
                new Measurement<int>(
                    1,
                    new("version", ProgramVersion.Text),
                    new("node", Cluster.Get(_system).SelfAddress.NodeName())
                ),
            description: "1; which version runs where."
        );
        _meter.CreateObservableGauge(
            "chatai.entities",
            () => Counts(e => e.Entities),
            description: "Entities in this node's memory, by kind."
        );
        _meter.CreateObservableGauge(
            "chatai.shards",
            () => Counts(e => e.Shards),
            description: "Shards of this node, by kind."
        );
        _meter.CreateObservableGauge(
            "chatai.cluster.members",
            Members,
            description: "Members as this node sees them, by status."
        );
        _meter.CreateObservableGauge(
            "chatai.cluster.unreachable",
            () => Cluster.Get(_system).State.Unreachable.Count,
            description: "Members that somebody cannot reach, as this node sees it."
        );
        ObserveJournal();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private void ObserveJournal()
    {
        _meter.CreateObservableGauge(
            "chatai.journal.position",
            () => OfJournal(j => j.Head),
            description: "The newest event's place in the journal."
        );
        _meter.CreateObservableGauge(
            "chatai.projection.position",
            () => OfJournal(j => j.Position),
            description: "The place in the journal that the read tables include."
        );
        _meter.CreateObservableGauge(
            "chatai.projection.lag",
            () => OfJournal(j => j.Lag.TotalSeconds),
            "s",
            "How long the read tables have not included what the journal has; 0 when they do."
        );
        _meter.CreateObservableGauge(
            "chatai.journal.reachable",
            () => _look.Journal is { Failed: false } ? 1 : 0,
            description: "1 while the database answers this node."
        );
    }

    private IEnumerable<Measurement<T>> OfJournal<T>(Func<JournalPositions, T> value)
        where T : struct => _look.Journal is { Failed: false } journal ? [new Measurement<T>(value(journal))] : [];

    private IEnumerable<Measurement<int>> Counts(Func<Shared.Protocol.OperatorProtocol.EntityCount, int> value) =>
        (_look.Stats?.Entities ?? []).Select(e => new Measurement<int>(
            value(e),
            new KeyValuePair<string, object?>("kind", e.Kind)
        ));

    private IEnumerable<Measurement<int>> Members() =>
        Cluster
            .Get(_system)
            .State.Members.CountBy(m => m.Status)
            .Select(c => new Measurement<int>(
                c.Value,
                new KeyValuePair<string, object?>("status", c.Key.ToString().ToLowerInvariant())
            ));
}
