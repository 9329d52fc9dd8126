using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Operators;
using ChatAi.ChatNode.Projections;

namespace ChatAi.ChatNode.Hosting;

/// <summary>The actor system of a node: cluster, journal, entities, projection, assistant.</summary>
public static class NodeHosting
{
    public const string SystemName = "chatai";
    public const string HoconFile = "akka.hocon";

    private static readonly string[] AllRoles = ["gateway", "chat", "ai"];

    public static IServiceCollection AddNode(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        Directory.CreateDirectory(options.DataDir);
        services.AddSingleton(TimeProvider.System);
        return services.AddAkka(
            SystemName,
            (akka, provider) =>
            {
                var roles = RolesOf(options);
                akka.ConfigureLoggers(loggers =>
                {
                    loggers.ClearLoggers();
                    loggers.AddLoggerFactory();
                });
                akka.AddHocon(ReadCommonHocon(), HoconAddMode.Prepend)
                    .WithRemoting(
                        new RemoteOptions
                        {
                            HostName = options.Cluster.Hostname,
                            PublicHostName = options.Cluster.Hostname,
                            Port = options.Cluster.Port,
                        }
                    )
                    .WithClustering(new ClusterOptions { Roles = roles, SeedNodes = SeedsOf(options) })
                    .WithJournal(options, connectionString)
                    .WithEntities(roles.Contains(EntityHosting.Role), new EntitySettings(), provider);
                if (roles.Contains(EntityHosting.Role))
                    akka.WithProjections(options);
                akka.WithAssistant(
                    options.Ai,
                    roles.Contains(EntityHosting.Role),
                    roles.Contains("ai"),
                    EntityHosting.Role
                );
                akka.WithOperators(provider, roles.Contains("ai"));
                if (options.Cluster.Seeds.Length == 0)
                    akka.AddStartup(
                        (system, _) =>
                        {
                            var cluster = Akka.Cluster.Cluster.Get(system);
                            cluster.Join(cluster.SelfAddress);
                        }
                    );
            }
        );
    }

    /// <summary>The file lies beside the program and is the same on every node.</summary>
    public static Config ReadCommonHocon() =>
        ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, HoconFile)));

    private static string[] RolesOf(ChatAiOptions options)
    {
        var roles = Split(options.Cluster.Roles);
        if (roles.FirstOrDefault(role => !AllRoles.Contains(role)) is { } unknown)
            throw new ConfigurationException($"Configuration: ChatAi:Cluster:Roles has the unknown role '{unknown}'.");
        return roles.Length == 0 ? AllRoles : roles;
    }

    private static string[] SeedsOf(ChatAiOptions options) =>
        [.. Split(options.Cluster.Seeds).Select(seed => $"akka.tcp://{SystemName}@{seed}")];

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
