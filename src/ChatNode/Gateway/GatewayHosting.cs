using Akka.Actor;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Gateway;

/// <summary>
/// The WebSocket gateway. Needs the regions (<see cref="ChatRegion"/>, <see cref="UserRegion"/>, <see cref="AiQueue"/>)
/// in the actor registry, an <see cref="ITokenVerifier"/> and an <see cref="ReadModel.IChatReader"/>.
/// </summary>
public static class GatewayHosting
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEpoch>(p => new FileEpoch(
            p.GetRequiredService<IOptions<ChatAiOptions>>().Value.DataDir
        ));
        services.AddSingleton<RateLimits>();
        services.AddSingleton<SendAdmission>();
        services.AddSingleton<Asking>();
        services.AddSingleton<ChatOperations>();
        services.AddSingleton<BlockOperations>();
        services.AddSingleton<AttachmentOperations>();
        services.AddSingleton<SearchOperations>();
        services.AddSingleton<GatewayEndpoint>();
        services.AddHostedService<GatewayDrain>();
        services.AddHealthChecks().AddCheck<SocketsAreLetIn>("sockets");
        return services;
    }

    public static IEndpointConventionBuilder MapGateway(this IEndpointRouteBuilder endpoints)
    {
        // Pings are the protocol's own frames, which tell of a live client and not only of a live kernel.
        var options = new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan };
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(options);
        pipeline.Run(http => http.RequestServices.GetRequiredService<GatewayEndpoint>().HandleAsync(http));
        return endpoints.MapGet("/v1/ws", pipeline.Build()).ExcludeFromDescription();
    }

    /// <summary>A node that is drained is no place for new clients; the cluster still counts on it.</summary>
    private sealed class SocketsAreLetIn(GatewayEndpoint gateway) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        ) =>
            Task.FromResult(
                gateway.IsDraining ? HealthCheckResult.Unhealthy("This node is drained.") : HealthCheckResult.Healthy()
            );
    }

    /// <summary>
    /// Sockets go first, while everything they may still need is there: on the host's stop, and when this node leaves the
    /// cluster for another reason.
    /// </summary>
    private sealed class GatewayDrain(GatewayEndpoint gateway, ActorSystem system) : IHostedLifecycleService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            CoordinatedShutdown
                .Get(system)
                .AddTask(
                    CoordinatedShutdown.PhaseBeforeServiceUnbind,
                    "drain-sockets",
                    async () =>
                    {
                        await gateway.DrainAsync();
                        return Akka.Done.Instance;
                    }
                );
            return Task.CompletedTask;
        }

        public Task StoppingAsync(CancellationToken cancellationToken) => gateway.DrainAsync();

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => gateway.CutOffAsync();

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
