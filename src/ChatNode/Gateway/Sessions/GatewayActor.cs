using Akka.Actor;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>Parent of this node's sessions. One that fails is stopped, never restarted: its client comes back.</summary>
public sealed class GatewayActor : UntypedActor
{
    private static readonly SupervisorStrategy StopFailed = new OneForOneStrategy(_ => Directive.Stop);

    protected override SupervisorStrategy SupervisorStrategy() => StopFailed;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenSession open:
                Context.ActorOf(Props.CreateBy(open));
                break;
            case DrainSocket drain:
                foreach (var session in Context.GetChildren())
                    session.Tell(drain);
                break;
        }
    }

    /// <summary>Makes the session without reflection: thousands may come at once.</summary>
    public sealed record OpenSession(ISocket Socket, SessionDependencies With) : IIndirectActorProducer
    {
        public Type ActorType => typeof(SessionActor);

        public ActorBase Produce() => new SessionActor(Socket, With);

        public void Release(ActorBase actor) { }
    }
}
