using Akka.Actor;
using Akka.Event;
using Akka.Routing;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>
/// Works at one run at a time: pulls it from the queue, asks the chat what may be read, lets the answer be made on the
/// assistant's own threads, passes the deltas on and hands the end to the chat until the chat has taken it.
/// </summary>
public sealed class AiWorker : ReceiveActor, IWithTimers
{
    /// <summary>Broadcast to the pool: where work is to be had.</summary>
    public sealed record UseQueue(IActorRef Queue);

    private sealed record Tick(string What, long Request);

    private sealed record Answered(long Request, IChatCommand? Command);

    /// <summary>The run at hand.</summary>
    private sealed class Job(ChatId chat, PendingRun run)
    {
        public ChatId Chat => chat;
        public PendingRun Run => run;

        // Never disposed: it has no timer, and a provider that was left behind may still look at it.
        public CancellationTokenSource Cancel { get; } = new();
        public object? Question { get; set; }
        public int Tries { get; set; }
        public int Answers { get; set; }
    }

    private const string Heartbeat = "heartbeat";
    private const string Retry = "retry";
    private const string Grace = "grace";

    private readonly IActorRef _chats;
    private readonly AnswerMaker _maker;
    private readonly AiWorkerSettings _settings;
    private readonly TaskScheduler _threads;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _queue;
    private long _request;
    private Job? _job;

    /// <summary>A node's workers behind one router; it takes <see cref="Broadcast"/> of <see cref="UseQueue"/>.</summary>
    public static Props Pool(
        int workers,
        IActorRef chats,
        AnswerMaker maker,
        AiWorkerSettings settings,
        TimeProvider time
    ) =>
        Akka
            .Actor.Props.Create(() => new AiWorker(chats, maker, settings, time))
            // A router's own way is to escalate, which would restart all workers for one.
            .WithRouter(
                new RoundRobinPool(workers).WithSupervisorStrategy(Akka.Actor.SupervisorStrategy.DefaultStrategy)
            );

    public AiWorker(IActorRef chats, AnswerMaker maker, AiWorkerSettings settings, TimeProvider time)
    {
        _chats = chats;
        _maker = maker;
        _settings = settings;
        _threads = AiThreads.Of(Context.System);
        // A worker that was restarted must not seem to repeat an old request.
        _request = time.GetUtcNow().UtcTicks;
        Become(Waiting);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Waiting()
    {
        Receive<UseQueue>(announced =>
        {
            _queue = announced.Queue;
            AskForWork();
        });
        Receive<Tick>(_ => AskForWork());
        Receive<AiProtocol.ForgetChat>(Forget);
        Receive<AiQueueProtocol.AssignRun>(
            assigned => assigned.Request == _request,
            assigned => Begin(assigned.Chat, assigned.Run)
        );
        ReceiveAny(Ignore);
    }

    private void Reading(Job job)
    {
        ReceiveCommon(job);
        Receive<AiProtocol.Context>(found => found.Run.Run == job.Run.Run, found => Answer(job, found));
        Receive<AiProtocol.Gone>(gone => gone.Run == job.Run.Run, _ => End(job));
        Receive<AiQueueProtocol.StopRun>(stop => stop.Run == job.Run.Run, _ => End(job));
        ReceiveAny(Ignore);
    }

    private void Answering(Job job)
    {
        ReceiveCommon(job);
        Receive<AiQueueProtocol.StopRun>(stop => stop.Run == job.Run.Run, _ => Stop(job));
        Receive<Answered>(
            answered => answered.Request == _request,
            answered =>
            {
                if (answered.Command is { } command)
                    HandIn(job, command);
                else
                    End(job);
            }
        );
        ReceiveAny(Ignore);
    }

    private void HandingIn(Job job, long correlation)
    {
        ReceiveCommon(job);
        Receive<ChatProtocol.Executed>(done => done.Correlation == correlation, done => Taken(job, done.Answer));
        Receive<ChatProtocol.Refused>(
            refused => refused.Correlation == correlation && !ErrorCode.IsRetryable(refused.Rejection.Code),
            refused =>
            {
                _log.Warning("Run {0}: the chat refused its end: {1}", job.Run.Run, refused.Rejection.Code);
                End(job);
            }
        );
        Receive<AiQueueProtocol.StopRun>(stop => stop.Run == job.Run.Run, _ => End(job));
        ReceiveAny(Ignore);
    }

    private void Stopping(Job job)
    {
        Receive<Answered>(answered => answered.Request == _request, _ => End(job));
        Receive<Tick>(
            tick => tick.Request == _request && tick.What == Grace,
            _ =>
            {
                _log.Warning("Run {0}: the provider does not stop; left behind", job.Run.Run);
                End(job);
            }
        );
        Receive<UseQueue>(announced => _queue = announced.Queue);
        Receive<Tick>(tick => tick.What == Heartbeat, _ => Beat(job));
        Receive<AiProtocol.ForgetChat>(Forget);
        ReceiveAny(Ignore);
    }

    private void ReceiveCommon(Job job)
    {
        Receive<UseQueue>(announced => _queue = announced.Queue);
        Receive<Tick>(tick => tick.What == Heartbeat, _ => Beat(job));
        Receive<Tick>(tick => tick.What == Retry && tick.Request == _request, _ => AskAgain(job));
        Receive<AiProtocol.ForgetChat>(Forget);
    }

    private void AskForWork()
    {
        _queue?.Tell(new AiQueueProtocol.ReadyForWork(_request));
        Timers.StartSingleTimer(Retry, new Tick(Retry, _request), _settings.ReadyEvery);
    }

    private void Begin(ChatId chat, PendingRun run)
    {
        _request++;
        var job = _job = new Job(chat, run);
        Timers.StartPeriodicTimer(Heartbeat, new Tick(Heartbeat, _request), _settings.HeartbeatEvery);
        Read(job);
    }

    private void Read(Job job)
    {
        Become(() => Reading(job));
        Ask(job, new AiProtocol.GetContext(job.Chat, job.Run.Run, _maker.ReplyLines));
    }

    private void Answer(Job job, AiProtocol.Context found)
    {
        Timers.Cancel(Retry);
        Become(() => Answering(job));
        var (self, chats, request, cancel) = (Self, _chats, _request, job.Cancel.Token);
        var heard = job.Run.Kind != Shared.Domain.Ai.AiRunKind.Rolling;
        _ = Task
            .Factory.StartNew(
                () =>
                    _maker.MakeAsync(
                        found,
                        () => TellIf(heard, new AiProtocol.RunStarted(job.Chat, job.Run.Run)),
                        d => TellIf(heard, new AiProtocol.RunProgressed(job.Chat, job.Run.Run, d.Off, d.Text)),
                        cancel
                    ),
                cancel,
                TaskCreationOptions.DenyChildAttach,
                _threads
            )
            .Unwrap()
            .PipeTo(
                self,
                success: command => new Answered(request, command),
                failure: _ => new Answered(request, null)
            );

        void TellIf(bool wanted, IToChat message)
        {
            if (wanted && !cancel.IsCancellationRequested)
                chats.Tell(message, self);
        }
    }

    private void HandIn(Job job, IChatCommand command)
    {
        var correlation = _request;
        Become(() => HandingIn(job, correlation));
        Ask(job, new ChatProtocol.Execute(job.Chat, command, correlation));
    }

    private void Taken(Job job, ChatAnswer answer)
    {
        // Words that the answer rests on changed meanwhile; in a chat that changes all the time, not for ever.
        if (answer is ChatAnswer.RunAgain && ++job.Answers < _settings.Answers)
            Read(job);
        else
            End(job);
    }

    private void Ask(Job job, object question)
    {
        job.Question = question;
        job.Tries = 0;
        AskAgain(job);
    }

    private void AskAgain(Job job)
    {
        if (job.Tries++ >= _settings.Tries)
        {
            _log.Warning("Run {0}: its chat does not answer; given up until it wakes", job.Run.Run);
            End(job);
            return;
        }
        _chats.Tell(job.Question);
        Timers.StartSingleTimer(Retry, new Tick(Retry, _request), _settings.RetryAfter(job.Tries));
    }

    private void Beat(Job job) => _queue?.Tell(new AiQueueProtocol.RunHeartbeat(job.Chat, job.Run));

    private void Stop(Job job)
    {
        Timers.Cancel(Retry);
        job.Cancel.Cancel();
        Timers.StartSingleTimer(Grace, new Tick(Grace, _request), _settings.CancelGrace);
        Become(() => Stopping(job));
    }

    private void End(Job job)
    {
        Timers.CancelAll();
        job.Cancel.Cancel();
        _job = null;
        _queue?.Tell(new AiQueueProtocol.RunEnded(job.Run.Run));
        Become(Waiting);
        AskForWork();
    }

    private void Forget(AiProtocol.ForgetChat forget) => _maker.Forget(forget.Chat);

    private void Ignore(object message) => _log.Debug("Not expected now: {0}", message.GetType().Name);

    protected override void PreRestart(Exception reason, object message)
    {
        // The next incarnation asks with a new number, by which the queue sees that the run is to be had again.
        if (_queue is { } queue)
            Self.Tell(new UseQueue(queue));
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => _job?.Cancel.Cancel();
}
