using Akka.Hosting;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Operators;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.Redaction;
using ChatAi.ChatNode.Retention;
using ChatAi.Shared.Clustering;

namespace ChatAi.ChatNode.Hosting;

/// <summary>The actor system of a node: cluster, journal, entities, projection, assistant.</summary>
public static class NodeHosting
{
    public static IServiceCollection AddNode(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        Directory.CreateDirectory(options.DataDir);
        services.AddSingleton(TimeProvider.System);
        // The node leaves its cluster while the web server waits for its last requests.
        services.Configure<HostOptions>(host => host.ServicesStopConcurrently = true);
        var roles = NodeRoles.Of(options.Cluster);
        return services.AddAkka(
            ClusterHosting.SystemName,
            (akka, provider) =>
            {
                akka.ConfigureLoggers(loggers =>
                {
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                });
                akka.AddHocon(ClusterHosting.ReadCommonHocon(), HoconAddMode.Prepend)
                    .WithNode(
                        options.Cluster,
                        roles.Names,
                        provider.GetRequiredService<TimeProvider>(),
                        provider.GetRequiredService<ILoggerFactory>()
                    )
                    .WithJournal(options, connectionString)
                    .AddStartup((system, _) => JournalHosting.Begin(system))
                    .WithEntities(roles.Chat, new EntitySettings(), provider);
                if (roles.Chat)
                    akka.WithProjections(options).WithRedaction().WithRetention(options.Retention);
                akka.WithAssistant(options.Ai, roles.Chat, roles.Ai, EntityHosting.Role);
                akka.WithOperators(provider, roles.Ai);
            }
        );
    }
}
