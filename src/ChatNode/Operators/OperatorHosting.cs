using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Sharding;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Operators;

/// <summary>What operators see of a node and do with it; <c>/v1/admin</c> is in front of it.</summary>
public static class OperatorHosting
{
    public static IServiceCollection AddOperators(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        services.AddSingleton<LatestLook>();
        services.AddSingleton<ClusterReader>();
        services.AddSingleton<RoomReader>();
        services.AddSingleton<ShardReader>();
        services.AddSingleton<Audit>();
        services.AddSingleton<JournalWatch>();
        services.AddHostedService(s => s.GetRequiredService<JournalWatch>());
        services.AddHostedService<NodeGauges>();
        services.AddSingleton(s => new AuditLog(
            options.Database == "postgres" ? ReadDialect.Postgres : ReadDialect.Sqlite,
            options.Database == "postgres" ? connectionString! : JournalHosting.SqliteConnectionString(options.DataDir),
            s.GetRequiredService<TimeProvider>()
        ));
        return services;
    }

    /// <summary>The operators' actor of this node.</summary>
    /// <param name="runsModels">The node has the role <c>ai</c>.</param>
    public static AkkaConfigurationBuilder WithOperators(
        this AkkaConfigurationBuilder akka,
        IServiceProvider services,
        bool runsModels
    ) =>
        akka.AddHocon(SilentLogger.Config, HoconAddMode.Prepend)
            .AddStartup(
                (system, registry) =>
                {
                    services.GetRequiredService<LogLinesSettings>().Node = Akka
                        .Cluster.Cluster.Get(system)
                        .SelfAddress.NodeName();
                    system.ActorOf(
                        NodeActor.Props(
                            new NodeFacts(
                                new Dictionary<string, IActorRef>
                                {
                                    [ShardNames.Chats] = registry.Get<ChatRegion>(),
                                    [ShardNames.Users] = registry.Get<UserRegion>(),
                                    [ShardNames.Phones] = registry.Get<PhoneRegion>(),
                                },
                                services.GetRequiredService<GatewayEndpoint>(),
                                services.GetRequiredService<HealthCheckService>().NotReadyAsync,
                                runsModels ? services.GetRequiredService<IAssistant>().Name : "",
                                services.GetRequiredService<LatestLook>(),
                                services.GetRequiredService<TimeProvider>()
                            )
                        ),
                        OperatorProtocol.ActorName
                    );
                }
            );
}
