using Akka.Actor;
using Akka.Event;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Control;

/// <summary>
/// Keeps a node's <see cref="AiSwitch"/> as the cluster's stands. It asks again every second, since the switch may have
/// moved; changes go to the node's event stream as <see cref="AiSwitchProtocol.State"/>.
/// </summary>
public sealed class AiSwitchFollower : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private sealed record Ask
    {
        public static readonly Ask Instance = new();
    }

    public static Props Props(AiSwitch node, IActorRef cluster) =>
        Akka.Actor.Props.Create(() => new AiSwitchFollower(node, cluster));

    public AiSwitchFollower(AiSwitch node, IActorRef cluster)
    {
        Receive<Ask>(_ => cluster.Tell(AiSwitchProtocol.Follow.Instance));
        Receive<AiSwitchProtocol.State>(state =>
        {
            if (node.Set(state.Enabled))
                Context.System.EventStream.Publish(state);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Ask), Ask.Instance, TimeSpan.Zero, Every);
}
