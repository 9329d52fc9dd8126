using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.Shared.Health;

/// <summary>This node is a full member of its cluster, now and not only once.</summary>
public sealed class MemberUp(ActorSystem system) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var cluster = Cluster.Get(system);
        var status = cluster.SelfMember.Status;
        if (cluster.IsTerminated || status == MemberStatus.Removed)
            return Of(HealthCheckResult.Unhealthy("Not a member of a cluster."));
        if (status != MemberStatus.Up)
            return Of(HealthCheckResult.Unhealthy($"This node is {status} in its cluster, not Up."));
        var state = cluster.State;
        return Of(
            HealthCheckResult.Healthy($"Up, one of {state.Members.Count}; {state.Unreachable.Count} unreachable.")
        );
    }

    private static Task<HealthCheckResult> Of(HealthCheckResult result) => Task.FromResult(result);
}
