using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Operators;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Ai.Control;

/// <summary>The operators' switch of the assistant: one a cluster, in the journal, followed by every node.</summary>
public sealed class AiSwitchActor(TimeProvider time) : UntypedPersistentActor
{
    private readonly HashSet<IActorRef> _followers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private AiSwitchProtocol.State _state = new(true, null);

    public static Props Props(TimeProvider time) => Akka.Actor.Props.Create(() => new AiSwitchActor(time));

    public override string PersistenceId => ShardNames.AiSwitch;

    protected override void OnRecover(object message)
    {
        if (message is OperatorEvents.AiSwitched e)
            Apply(e);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case AiSwitchProtocol.Follow:
                if (_followers.Add(Sender))
                    Context.Watch(Sender);
                Sender.Tell(_state);
                break;
            case AiSwitchProtocol.Get:
                Sender.Tell(_state);
                break;
            case AiSwitchProtocol.Switch set when set.Enabled == _state.Enabled:
                Sender.Tell(_state);
                break;
            case AiSwitchProtocol.Switch set:
                Persist(
                    new OperatorEvents.AiSwitched(set.Enabled, EventTime.Of(time.GetUtcNow())),
                    e =>
                    {
                        Apply(e);
                        _log.Warning("Operators switched the assistant {0}", e.Enabled ? "on" : "off");
                        Sender.Tell(_state);
                        foreach (var follower in _followers)
                            follower.Tell(_state);
                    }
                );
                break;
            case Terminated gone:
                _followers.Remove(gone.ActorRef);
                break;
        }
    }

    private void Apply(OperatorEvents.AiSwitched e) => _state = new AiSwitchProtocol.State(e.Enabled, e.At);
}
