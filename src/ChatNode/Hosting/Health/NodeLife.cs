using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>Knows from when on this node goes: told to stop, or leaving its cluster for another reason.</summary>
public sealed class NodeLife(IHostApplicationLifetime host, ActorSystem system) : IHostedService
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        host.ApplicationStopping.Register(() => _isDraining = true);
        CoordinatedShutdown
            .Get(system)
            .AddTask(
                CoordinatedShutdown.PhaseBeforeServiceUnbind,
                "not-ready",
                () =>
                {
                    _isDraining = true;
                    return Task.FromResult(Akka.Done.Instance);
                }
            );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

public sealed class NotDraining(NodeLife life) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(life.IsDraining ? HealthCheckResult.Unhealthy("This node goes.") : HealthCheckResult.Healthy());
}
