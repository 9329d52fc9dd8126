using Akka.Actor;
using Akka.Event;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Queue;

/// <param name="Capacity">Runs that may wait.</param>
/// <param name="Lease">A worker that is silent for so long has lost its run.</param>
public sealed record AiQueueSettings(int Capacity, TimeSpan Lease);

/// <summary>
/// The one queue of a cluster's assistant runs. It keeps nothing: the chats are the outbox, they offer again what they
/// miss, and busy workers say what they are at.
/// </summary>
public sealed class AiQueueActor : ReceiveActor, IWithTimers
{
    private sealed record Expire
    {
        public static readonly Expire Instance = new();
    }

    private readonly IActorRef _chats;
    private readonly RunBoard<IActorRef> _board;
    private readonly AiQueueSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(IActorRef chats, AiQueueSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new AiQueueActor(chats, settings, time));

    public AiQueueActor(IActorRef chats, AiQueueSettings settings, TimeProvider time)
    {
        _chats = chats;
        _settings = settings;
        _board = new RunBoard<IActorRef>(settings.Capacity, settings.Lease);

        Receive<AiProtocol.OfferRun>(offer =>
            Carry(_board.Offer(new QueuedRun(offer.Chat, offer.Run), time.GetUtcNow()))
        );
        Receive<AiProtocol.CancelRun>(cancel => Carry(_board.Cancel(cancel.Run)));
        Receive<AiProtocol.Locate>(locate =>
            Sender.Tell(new AiProtocol.Located(locate.Run, _board.ChatOf(locate.Run)))
        );
        Receive<AiQueueProtocol.ReadyForWork>(ready =>
        {
            Context.Watch(Sender);
            Carry(_board.Ready(Sender, ready.Request, time.GetUtcNow()));
        });
        Receive<AiQueueProtocol.RunHeartbeat>(beat =>
        {
            Context.Watch(Sender);
            Carry(_board.Heartbeat(Sender, new QueuedRun(beat.Chat, beat.Run), time.GetUtcNow()));
        });
        Receive<AiQueueProtocol.RunEnded>(ended => Carry(_board.Ended(Sender, ended.Run, time.GetUtcNow())));
        Receive<Terminated>(gone =>
        {
            _log.Info("Lost the worker {0}", gone.ActorRef.Path);
            Carry(_board.Lost(gone.ActorRef, time.GetUtcNow()));
        });
        Receive<Expire>(_ => Carry(_board.Expire(time.GetUtcNow())));
        Receive<AiQueueProtocol.GetQueue>(_ => Sender.Tell(State()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Expire), Expire.Instance, _settings.Lease / 4);

    // Another node's queue counts from here on.
    protected override void PostStop() => AssistantMetrics.Queue(new AiQueueProtocol.QueueState(0, 0, 0, 0, 0));

    private AiQueueProtocol.QueueState State() =>
        new(
            _board.Queue.CountOf(RunClass.Asked),
            _board.Queue.CountOf(RunClass.CatchUp),
            _board.Queue.CountOf(RunClass.Rolling),
            _board.Running,
            _board.Idle
        );

    private void Carry(IReadOnlyList<BoardEffect<IActorRef>> effects)
    {
        AssistantMetrics.Queue(State());
        foreach (var effect in effects)
            switch (effect)
            {
                case BoardEffect<IActorRef>.Assign assign:
                    assign.Worker.Tell(new AiQueueProtocol.AssignRun(assign.Run.Chat, assign.Run.Run, assign.Request));
                    break;
                case BoardEffect<IActorRef>.Stop stop:
                    stop.Worker.Tell(new AiQueueProtocol.StopRun(stop.Run));
                    break;
                case BoardEffect<IActorRef>.Refuse refuse:
                    AssistantMetrics.Refuse();
                    _chats.Tell(new AiProtocol.RunRefused(refuse.Run.Chat, refuse.Run.Id, refuse.QueueLength));
                    break;
            }
    }
}
