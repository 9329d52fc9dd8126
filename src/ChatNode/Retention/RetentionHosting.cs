using Akka.Cluster.Hosting;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Retention;

/// <summary>Key of the way to the sweeper in Akka.Hosting's actor registry.</summary>
public sealed class RetentionSweepers;

public static class RetentionHosting
{
    /// <summary>Only nodes with the role <c>chat</c> may call this. Without days nothing is started.</summary>
    public static AkkaConfigurationBuilder WithRetention(
        this AkkaConfigurationBuilder akka,
        ChatAiOptions.RetentionOptions options
    ) =>
        options.Days <= 0
            ? akka
            : akka.WithSingleton<RetentionSweepers>(
                "retention",
                (_, registry, resolver) =>
                    RetentionSweeper.Props(
                        registry.Get<ChatRegion>(),
                        new OldMessages(resolver.GetService<ReadStore>()),
                        new RetentionSettings(
                            TimeSpan.FromDays(options.Days),
                            TimeSpan.FromSeconds(options.SweepSeconds)
                        ),
                        resolver.GetService<TimeProvider>()
                    ),
                new ClusterSingletonOptions { Role = EntityHosting.Role }
            );
}
