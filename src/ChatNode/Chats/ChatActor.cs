using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Chats;

/// <summary>What every chat entity is given.</summary>
/// <param name="Users">The user shard region: deliveries go there.</param>
/// <param name="Queue">The assistant's queue.</param>
public sealed record ChatDependencies(
    IActorRef Users,
    IActorRef Queue,
    IChatReader Reader,
    TimeProvider Time,
    EntitySettings Settings
)
{
    /// <summary>Whether the assistant may be used at all.</summary>
    public AiSwitch Ai { get; init; } = AiSwitch.On();

    public AiQuotas Quotas { get; init; } = AiQuotas.Off;
}

/// <summary>
/// One chat: translates, persists, tells, times; the rules are in <see cref="ChatDecider"/>.
/// <para>
/// Events are applied to the state at once and written with <c>PersistAllAsync</c>, so that commands that arrive during
/// a write join the next one (group commit). Nothing of it shows before the write: answers and deliveries are worked
/// out at once and sent by the persist callback. A write that fails stops the entity, and its state with it
/// (docs/adr/0003).
/// </para>
/// </summary>
public sealed partial class ChatActor : UntypedPersistentActor
{
    private readonly ChatId _chat;
    private readonly ChatDependencies _with;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RunTexts _texts = new();
    private readonly Queue<Pending> _waiting = new();
    private ChatState _state = new();
    private int _inFlight;
    private long _lookup;
    private Pending? _lookingUp;
    private long _snapshotAt;
    private long _takenBackAt;

    public ChatActor(ChatId chat, ChatDependencies with)
    {
        _chat = chat;
        _with = with;
    }

    public static Props Props(ChatId chat, ChatDependencies with) =>
        Akka.Actor.Props.Create(() => new ChatActor(chat, with));

    public override string PersistenceId => ShardNames.PersistenceId(_chat);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case IChatEvent e:
                _state.Apply(e);
                break;
            case SnapshotOffer { Snapshot: ChatSnapshot snapshot } offer:
                _state = ChatState.Restore(snapshot);
                _snapshotAt = offer.Metadata.SequenceNr;
                break;
            case RecoveryCompleted:
                SetReceiveTimeout(_with.Settings.Idle);
                if (SnapshotDue)
                    TakeSnapshot();
                OfferPendingRuns();
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ChatProtocol.Execute execute:
                Enqueue(new Pending(execute, Sender));
                break;
            case LookupDone done when done.Id == _lookup && _lookingUp is { } pending:
                _lookingUp = null;
                Run(pending, done.Found);
                RunWaiting();
                break;
            case LookupFailed failed when failed.Id == _lookup && _lookingUp is { } pending:
                _lookingUp = null;
                _log.Warning(failed.Reason, "Chat {0}: the read table did not answer.", _chat);
                Reject(pending, new Rejection(ErrorCode.ShardUnavailable, "The read table is behind.", 1_000));
                RunWaiting();
                break;
            case IToChat query:
                Answer(query);
                break;
            case ReceiveTimeout or Leave:
                LeaveMemoryWhenIdle(message);
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                // It was on its way while words were taken back: the redaction may have looked before it was there.
                if (saved.Metadata.SequenceNr < _takenBackAt && _inFlight == 0)
                    TakeSnapshot();
                break;
            case SaveSnapshotFailure failed:
                _log.Warning(failed.Cause, "Chat {0}: the snapshot was not saved; recovery takes longer.", _chat);
                break;
        }
    }

    private void Enqueue(Pending pending)
    {
        if (_lookingUp is null && _waiting.Count == 0 && _inFlight < _with.Settings.MaxInFlight && !SnapshotDue)
            Run(pending, null);
        else if (_waiting.Count < _with.Settings.MaxWaiting)
            _waiting.Enqueue(pending);
        else
            Reject(pending, new Rejection(ErrorCode.ShardUnavailable, "This chat has too much to do.", 1_000));
    }

    private void RunWaiting()
    {
        while (
            _lookingUp is null
            && _inFlight < _with.Settings.MaxInFlight
            && !SnapshotDue
            && _waiting.TryDequeue(out var next)
        )
            Run(next, null);
    }

    private void Run(Pending pending, LookupResult? found)
    {
        var context = new DecisionContext(_with.Time.Now(), () => Guid.CreateVersion7(_with.Time.GetUtcNow()), found)
        {
            Ai = new AiRules(_with.Ai.Enabled, _with.Quotas.RunsPerChatPerHour),
        };
        switch (ChatDecider.Decide(_state, pending.Execute.Command, context))
        {
            case Decision.Refused refused:
                Reject(pending, refused.Rejection);
                break;
            case Decision.Lookup lookup:
                _lookingUp = pending;
                LookUp(lookup.Request);
                break;
            case Decision.Accepted accepted:
                Write(pending, accepted);
                break;
        }
    }

    private void Write(Pending pending, Decision.Accepted accepted)
    {
        var runs = _state.Runs.Count == 0 ? NoRuns : new Dictionary<RunId, PendingRun>(_state.Runs);
        var marks = MarksOf(pending.Execute.Command);
        foreach (var e in accepted.Events)
            _state.Apply(e);
        var forgotten = ForgetTexts(accepted.Events);
        var version = LastSequenceNr + accepted.Events.Count;
        if (accepted.Events.Any(e => e is ChatEvents.MessageEdited or ChatEvents.MessageDeleted))
            _takenBackAt = version;
        var effects = ChatEffects.Of(_chat, _state, runs, marks, accepted.Events, version);
        var answer = new ChatProtocol.Executed(
            _chat,
            pending.Execute.Correlation,
            accepted.Answer,
            accepted.Answer is ChatAnswer.Chat ? ViewFor(pending.Execute.Command, version) : null
        );
        if (accepted.Events.Count == 0)
        {
            // The answer may rest on events that are still being written: it waits for them.
            DeferAsync(answer, _ => pending.Sender.Tell(answer));
            return;
        }
        _inFlight++;
        var span = Tracing.Continue("chat.persist", pending.Execute.Trace);
        var trace = span?.Id ?? pending.Execute.Trace;
        var began = _with.Time.GetTimestamp();
        var left = accepted.Events.Count;
        PersistAllAsync(
            accepted.Events,
            e =>
            {
                if (e is ChatEvents.MessageSent sent)
                    NodeMetrics.MessageAccepted(sent.IsAi);
                if (--left > 0)
                    return;
                _inFlight--;
                NodeMetrics.Written(_with.Time.GetElapsedTime(began));
                span.About(_chat, (accepted.Answer as ChatAnswer.Sent)?.Seq).End();
                pending.Sender.Tell(answer);
                foreach (var effect in effects)
                    CarryOut(effect, trace);
                BeginAnew(forgotten);
                if (_inFlight == 0 && SnapshotDue)
                    TakeSnapshot();
                RunWaiting();
            }
        );
    }

    private void CarryOut(ChatEffect effect, string? trace)
    {
        switch (effect)
        {
            case ChatEffect.Tell tell:
                if (tell.Delivery.Notice is Notices.AiEnded ended)
                    _texts.End(ended.Run);
                var delivery = trace is null ? tell.Delivery : tell.Delivery.Traced(trace);
                foreach (var user in tell.Users)
                    _with.Users.Tell(new UserProtocol.Deliver(user, delivery), Self);
                break;
            case ChatEffect.Offer offer:
                Offer(offer.Run);
                break;
            case ChatEffect.Settle settle when !_with.Quotas.OfUser.IsOff:
                _with.Users.Tell(new UserProtocol.SettleRun(settle.By, settle.Run, settle.Tokens), Self);
                break;
            case ChatEffect.Forget:
                _with.Queue.Tell(new AiProtocol.ForgetChat(_chat), Self);
                break;
            case ChatEffect.Withdraw withdraw:
                _with.Queue.Tell(new AiProtocol.CancelRun(_chat, withdraw.Run), Self);
                break;
        }
    }

    private ChatView? ViewFor(IChatCommand command, long version)
    {
        var by = command switch
        {
            ChatCommands.CreateChat create => create.By,
            IMemberCommand member => member.By,
            _ => default,
        };
        return _state.MemberOrNull(by) is { } asker ? ChatViews.ViewOf(_chat, _state, asker, true, version) : null;
    }

    private Dictionary<UserId, (long, long)> MarksOf(IChatCommand command) =>
        command is ChatCommands.Acknowledge ack && _state.MemberOrNull(ack.By) is { } member
            ? new() { [member.User] = (member.Recv, member.Read) }
            : NoMarks;

    private void Reject(Pending pending, Rejection rejection)
    {
        if (pending.Execute.Command is ChatCommands.SendMessage)
            NodeMetrics.MessageRejected(rejection.Code);
        var answer = new ChatProtocol.Refused(_chat, pending.Execute.Correlation, rejection);
        DeferAsync(answer, _ => pending.Sender.Tell(answer));
    }

    private bool SnapshotDue => LastSequenceNr - _snapshotAt >= _with.Settings.SnapshotEvery;

    private void TakeSnapshot()
    {
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(_state.ToSnapshot());
    }

    private void LeaveMemoryWhenIdle(object message)
    {
        if (_inFlight > 0 || _lookingUp is not null || _waiting.Count > 0)
            return;
        if (message is Leave)
            Context.Stop(Self);
        else
            Context.Parent.Tell(new Passivate(Leave.Instance));
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        NodeMetrics.WriteFailed("failed");
        _log.Error(cause, "Chat {0}: event {1} was not written; the entity starts anew.", _chat, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        NodeMetrics.WriteFailed("refused");
        // The state already holds the event: it must not live on.
        _log.Error(cause, "Chat {0}: event {1} was refused; the entity starts anew.", _chat, sequenceNr);
        Context.Stop(Self);
    }

    private static readonly Dictionary<RunId, PendingRun> NoRuns = [];
    private static readonly Dictionary<UserId, (long, long)> NoMarks = [];

    private sealed record Pending(ChatProtocol.Execute Execute, IActorRef Sender);

    private sealed record LookupDone(long Id, LookupResult Found);

    private sealed record LookupFailed(long Id, Exception Reason);

    private sealed class Leave
    {
        public static readonly Leave Instance = new();
    }
}
