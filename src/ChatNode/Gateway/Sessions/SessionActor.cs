using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>What every session is given.</summary>
/// <param name="MaxSessions">How many sockets a user may have; 0 for any number.</param>
public sealed record SessionDependencies(
    IActorRef Chats,
    IActorRef Users,
    ChatOperations Operations,
    AttachmentOperations Attachments,
    SearchOperations Search,
    ITokenVerifier Tokens,
    RateLimits Rates,
    SendAdmission Admission,
    IEpoch Epoch,
    TimeProvider Time,
    int MaxSessions
);

/// <summary>
/// One socket: who it is, what it has asked and not heard yet, and what it is told. Sends, marks and typing go straight
/// to the chat's entity and its answer comes straight back; everything else runs beside (<see cref="ChatOperations"/>).
/// </summary>
public sealed partial class SessionActor : UntypedActor, IDisposable
{
    private readonly SessionDependencies _with;
    private readonly ISocket _socket;
    private readonly PendingRequests _pending = new();
    private readonly Strikes _strikes = new();
    private readonly long _start;
    private IActorRef _inlet = ActorRefs.Nobody;
    private ClientFrame.Request? _heldBack;
    private Dictionary<long, Activity>? _spans;
    private bool _owesNext;
    private bool _closing;

    public SessionActor(ISocket socket, SessionDependencies with)
    {
        (_socket, _with) = (socket, with);
        _start = with.Time.GetTimestamp();
        _times = new SessionClock(Now);
    }

    private TimeSpan Now => _with.Time.GetElapsedTime(_start);

    protected override void PreStart()
    {
        var self = Self;
        _socket.Outbox.Hold();
        _socket.Outbox.Relieved = () => self.Tell(Relieved.Instance);
        _socket.Start(self);
        StartTimer();
    }

    protected override void PostStop()
    {
        Dispose();
        _with.Admission.Leave(_pending.Admitted);
        if (_state == SessionState.Ready)
            NodeMetrics.SessionEnded();
        if (_closing)
            return;
        NodeMetrics.ConnectionClosed(CloseCodes.Internal);
        _socket.Close(new SocketClose(CloseCodes.Internal, "internal"));
    }

    public void Dispose() => _timer?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Delivery delivery:
                Deliver(delivery);
                break;
            case ClientFrame frame:
                _times.Heard();
                Take(frame);
                break;
            case ChatProtocol.Executed executed:
                NoteAcknowledged(executed);
                EndSpan(executed.Correlation);
                if (TryEnd(executed.Correlation, out var id))
                    Answer(
                        id,
                        executed,
                        static (re, e) =>
                            e.Answer is ChatAnswer.Sent sent
                                ? ServerFrames.Sent(re, e.Chat, sent)
                                : ServerFrames.Done(re)
                    );
                break;
            case ChatProtocol.Refused refused:
                Refuse(refused.Correlation, refused.Rejection);
                break;
            case UserProtocol.DirectOpened opened:
                SendWaiting(opened.Correlation, opened.Chat);
                break;
            case UserProtocol.Refused refused when !IsAttaching(refused.Correlation):
                RefuseWaiting(refused.Correlation, refused.Rejection);
                break;
            case Answered answered:
                if (TryEnd(answered.Correlation, out var re) && re is not null)
                    Send(answered.Frame);
                break;
            case Failed { Cause: TimeoutException } late:
                Refuse(late.Correlation, new Rejection(ErrorCode.Timeout, "No answer came in time."));
                break;
            case Failed failed:
                Context.GetLogger().Error(failed.Cause, "A request of user {0} failed.", _user?.User);
                Refuse(failed.Correlation, new Rejection(ErrorCode.Internal, "The server failed at this request."));
                break;
            case Tick:
                OnTick();
                break;
            case Relieved:
                Continue();
                break;
            case UnreadCounted counted:
                _socket.Outbox.SetUnread(counted.Chat, counted.Unread);
                break;
            case SocketSignals.Opened:
                _inlet = Sender;
                _inlet.Tell(SocketSignals.Next.Instance);
                break;
            case SocketSignals.Ended:
                Close(CloseCodes.Normal, "");
                break;
            case DrainSocket drain:
                StartDrain(drain);
                break;
            default:
                OnUserMessage(message);
                break;
        }
    }

    private void Deliver(Delivery delivery)
    {
        if (OutFrame.Of(delivery) is not { } frame)
            return;
        if (delivery.Notice is Notices.Durable { Event: ChatEvents.MessageSent sent })
            NodeMetrics.Delivered(_with.Time.GetUtcNow() - sent.At);
        if (Tracing.Continue("frame.send", delivery.Trace, ActivityKind.Producer) is { } span)
            frame = frame with { Span = span.About(frame.Chat, frame.Seq) };
        if (_socket.Outbox.Add(frame) is { } collapsed)
            CountUnread(collapsed);
    }

    private void Send(byte[] frame)
    {
        if (_socket.Outbox.Add(OutFrame.Answer(frame)) is { } collapsed)
            CountUnread(collapsed);
    }

    /// <summary>The chats' events were taken out of the outbox; the <c>inbox</c> that stands for them needs the count.</summary>
    private void CountUnread(IReadOnlyList<ChatId> chats)
    {
        foreach (var chat in chats)
            _ = _with
                .Operations.GetAsync(_user!.User, chat)
                .PipeTo(
                    Self,
                    success: found => new UnreadCounted(chat, found.IsOk ? found.Value.Unread : 0),
                    failure: _ => new UnreadCounted(chat, 0)
                );
    }

    private void Answer<T>(long? id, T value, Func<long, T, byte[]> encode)
    {
        if (id is { } re)
            Send(encode(re, value));
    }

    private void AnswerError(long? id, Rejection rejection) => Answer(id, rejection, ServerFrames.Err);

    /// <summary>Lets the next frame come, unless the client does not read what it has asked for already.</summary>
    private void Next()
    {
        if (_closing)
            return;
        if (_socket.Outbox.CongestedFor is null)
            _inlet.Tell(SocketSignals.Next.Instance);
        else
            _owesNext = true;
        EnsureTick();
    }

    /// <summary>Something has become free: an answer was given, or the client has read.</summary>
    private void Continue()
    {
        if (_heldBack is { } request && !_pending.IsFull)
        {
            _heldBack = null;
            Handle(request);
            Next();
        }
        else if (_owesNext)
        {
            _owesNext = false;
            Next();
        }
    }

    private bool TryEnd(long correlation, out long? id)
    {
        var found = _pending.Remove(correlation, out var request);
        id = request.Id;
        if (found && request.IsAdmitted)
            _with.Admission.Leave();
        if (found && _heldBack is not null)
            Self.Tell(Relieved.Instance);
        return found;
    }

    private void NoteAcknowledged(ChatProtocol.Executed executed)
    {
        if (
            executed.Answer is ChatAnswer.Sent
            && _pending.TryGet(executed.Correlation, out var request)
            && request.Due is { } due
        )
            NodeMetrics.Acknowledged(Now - (due - SessionTimes.Answer));
    }

    private void EndSpan(long correlation, string? error = null)
    {
        if (_spans is not null && _spans.Remove(correlation, out var span))
            span.End(error);
    }

    private void Refuse(long correlation, Rejection rejection)
    {
        EndSpan(correlation, rejection.Code);
        if (TryEnd(correlation, out var id))
            AnswerError(id, rejection);
    }

    private void Close(int code, string reason, bool dropWaiting = false)
    {
        if (_closing)
            return;
        _closing = true;
        NodeMetrics.ConnectionClosed(code);
        _socket.Close(new SocketClose(code, reason), dropWaiting);
        Context.Stop(Self);
    }

    private sealed record Answered(long Correlation, byte[] Frame);

    private sealed record Failed(long Correlation, Exception Cause);

    private sealed record UnreadCounted(ChatId Chat, int Unread);

    private sealed record Relieved
    {
        public static readonly Relieved Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>To every session when its node shuts down.</summary>
public sealed record DrainSocket(TimeSpan Within);
