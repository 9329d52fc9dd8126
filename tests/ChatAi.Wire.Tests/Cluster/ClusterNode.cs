using Akka.Actor;
using Akka.Configuration;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>An actor system by akka.hocon as it is, on a port of its own, but without a cluster.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private ClusterNode(ActorSystem system) => System = (ExtendedActorSystem)system;

    public ExtendedActorSystem System { get; }

    public static ClusterNode Start(string name, string also = "")
    {
        var file = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "akka.hocon"));
        var config = ConfigurationFactory
            .ParseString(
                $$"""
                {{also}}
                akka.loglevel = WARNING
                akka.stdout-loglevel = OFF
                akka.coordinated-shutdown.exit-clr = off
                akka.actor.provider = remote
                akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
                """
            )
            .WithFallback(ConfigurationFactory.ParseString(file));
        return new ClusterNode(ActorSystem.Create(name, config));
    }

    /// <summary>The actor as another node sees it.</summary>
    public string PathOf(IActorRef actor) => actor.Path.ToStringWithAddress(System.Provider.DefaultAddress);

    public async ValueTask DisposeAsync() => await System.Terminate();
}
