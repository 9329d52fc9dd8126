using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it is in the cluster, an entity came up from the
/// journal and answered, and the read tables have caught up with what the journal held at start.
/// </summary>
public static class HealthHosting
{
    public static IServiceCollection AddNodeHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<EntitiesAnswer>("entities");
        return services;
    }

    public static void MapNodeHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions());
    }

    private sealed class EntitiesAnswer(ActorSystem system, IRequiredActor<UserRegion> users) : IHealthCheck
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            if (Cluster.Get(system).SelfMember.Status != MemberStatus.Up)
                return HealthCheckResult.Unhealthy("This node is not a member of the cluster.");
            try
            {
                var region = await users.GetAsync(cancellationToken);
                await region.Ask<ICorrelated>(
                    new UserProtocol.GetProfile(UserId.Assistant, 0),
                    Patience,
                    cancellationToken
                );
                return HealthCheckResult.Healthy();
            }
            catch (AskTimeoutException)
            {
                return HealthCheckResult.Unhealthy("No entity answers: its shard or the journal is away.");
            }
        }
    }
}
