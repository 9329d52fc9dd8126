using Akka.Actor;
using Akka.Event;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Queue;

/// <param name="Capacity">Runs that may wait.</param>
/// <param name="Lease">A worker that is silent for so long has lost its run.</param>
public sealed record AiQueueSettings(int Capacity, TimeSpan Lease);

/// <summary>
/// The one queue of a cluster's assistant runs. It keeps nothing: the chats are the outbox, they offer again what they
/// miss, and busy workers say what they are at.
/// </summary>
public sealed class AiQueueActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private sealed record Expire
    {
        public static readonly Expire Instance = new();
    }

    private static readonly Rejection Disabled = new(
        ErrorCode.AiDisabled,
        "The operator has switched the assistant off."
    );

    private readonly IActorRef _chats;
    private readonly AiSwitch _control;
    private readonly RunBoard<IActorRef> _board;
    private readonly AiQueueSettings _settings;
    private readonly HashSet<IActorRef> _workers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="control">Null: nobody ever switches the assistant off.</param>
    public static Props Props(IActorRef chats, AiQueueSettings settings, TimeProvider time, AiSwitch? control = null) =>
        Akka.Actor.Props.Create(() => new AiQueueActor(chats, settings, time, control ?? AiSwitch.On()));

    public AiQueueActor(IActorRef chats, AiQueueSettings settings, TimeProvider time, AiSwitch control)
    {
        _control = control;
        _chats = chats;
        _settings = settings;
        _board = new RunBoard<IActorRef>(settings.Capacity, settings.Lease);

        Receive<AiSwitchProtocol.State>(_ => Switched());
        // A run that operators forbid must not start in the moment before this node has heard of it.
        Receive<AiProtocol.OfferRun>(_ => !control.IsKnown, _ => Stash.Stash());
        Receive<AiProtocol.OfferRun>(
            _ => !control.Enabled,
            offer => _chats.Tell(new AiProtocol.RunDenied(offer.Chat, offer.Run.Run, Disabled))
        );
        Receive<AiProtocol.OfferRun>(offer =>
            Carry(_board.Offer(new QueuedRun(offer.Chat, offer.Run), time.GetUtcNow()))
        );
        Receive<AiProtocol.CancelRun>(cancel => Carry(_board.Cancel(cancel.Run)));
        // A worker this queue has not heard of yet asks for work within moments; what it keeps meanwhile nobody can read.
        Receive<AiProtocol.ForgetChat>(forget =>
        {
            foreach (var node in _workers.GroupBy(worker => worker.Path.Address))
                node.First().Tell(forget);
        });
        Receive<AiProtocol.Locate>(locate =>
            Sender.Tell(
                new AiProtocol.Located(locate.Run, _board.ChatOf(locate.Run))
                {
                    Place = _board.Queue.PlaceOf(locate.Run),
                }
            )
        );
        Receive<AiQueueProtocol.ReadyForWork>(ready =>
        {
            Know(Sender);
            Carry(_board.Ready(Sender, ready.Request, time.GetUtcNow()));
        });
        Receive<AiQueueProtocol.RunHeartbeat>(beat =>
        {
            Know(Sender);
            Carry(_board.Heartbeat(Sender, new QueuedRun(beat.Chat, beat.Run), time.GetUtcNow()));
        });
        Receive<AiQueueProtocol.RunEnded>(ended => Carry(_board.Ended(Sender, ended.Run, time.GetUtcNow())));
        Receive<Terminated>(gone =>
        {
            _log.Info("Lost the worker {0}", gone.ActorRef.Path);
            _workers.Remove(gone.ActorRef);
            Carry(_board.Lost(gone.ActorRef, time.GetUtcNow()));
        });
        Receive<Expire>(_ => Carry(_board.Expire(time.GetUtcNow())));
        Receive<AiQueueProtocol.GetQueue>(_ => Sender.Tell(State()));
        Receive<OperatorProtocol.GetWorkers>(_ => Sender.Tell(WorkersByNode()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Expire), Expire.Instance, _settings.Lease / 4);
        Context.System.EventStream.Subscribe(Self, typeof(AiSwitchProtocol.State));
        // It may have become known before this actor listened.
        Self.Tell(new AiSwitchProtocol.State(_control.Enabled, null));
    }

    private void Know(IActorRef worker)
    {
        _workers.Add(worker);
        Context.Watch(worker);
    }

    private void Switched()
    {
        if (_control.IsKnown)
            Stash.UnstashAll();
        if (_control.Enabled)
            return;
        foreach (var run in _board.All)
        {
            Carry(_board.Cancel(run.Id));
            _chats.Tell(new AiProtocol.RunDenied(run.Chat, run.Id, Disabled));
        }
    }

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

    private OperatorProtocol.Workers WorkersByNode()
    {
        var here = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress;
        var busy = _board.BusyWorkers.CountBy(NodeOf).ToDictionary();
        var idle = _board.IdleWorkers.CountBy(NodeOf).ToDictionary();
        return new OperatorProtocol.Workers([
            .. busy
                .Keys.Union(idle.Keys)
                .Select(node => new OperatorProtocol.WorkerCount(
                    node,
                    busy.GetValueOrDefault(node),
                    idle.GetValueOrDefault(node)
                )),
        ]);

        string NodeOf(IActorRef worker) => (worker.Path.Address.HasGlobalScope ? worker.Path.Address : here).ToString();
    }

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
