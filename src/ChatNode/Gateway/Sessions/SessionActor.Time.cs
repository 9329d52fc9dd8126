using Akka.Actor;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Operations;

namespace ChatAi.ChatNode.Gateway.Sessions;

public sealed partial class SessionActor
{
    // No timer may be set further ahead than 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly SessionClock _times;
    private ITimer? _timer;
    private TimeSpan _armedFor;

    private void StartTimer()
    {
        _armedFor = Now + SessionTimes.Hello;
        _timer = _with.Time.CreateTimer(
            static self => ((IActorRef)self!).Tell(Tick.Instance, ActorRefs.NoSender),
            Self,
            SessionTimes.Hello,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>One timer for everything, moved only when something is due earlier: requests mostly end before it.</summary>
    private void EnsureTick()
    {
        var next = _times.Next;
        if (_pending.Count > 0)
            next = SessionClock.Earliest(next, Now + SessionTimes.Answer);
        if (_socket.Outbox.CongestedFor is { } congested)
            next = SessionClock.Earliest(next, Now + SessionTimes.Slow - congested);
        if (next is { } due && due < _armedFor)
            Arm(due);
    }

    private void Arm(TimeSpan due)
    {
        _armedFor = due;
        var rest = due - Now;
        _timer!.Change(
            rest < TimeSpan.Zero ? TimeSpan.Zero
                : rest > LongestTimer ? LongestTimer
                : rest,
            Timeout.InfiniteTimeSpan
        );
    }

    // Who reads too slowly has not seen the ping, and is told so (4008) and nothing else.
    private bool CanHear => !_owesNext && _heldBack is null && _socket.Outbox.CongestedFor is null;

    private void OnTick()
    {
        while (!_closing && _times.TakeDue(Now, CanHear) is not SessionDue.Nothing and var due)
            Do(due);
        if (_closing)
            return;
        foreach (var correlation in _pending.DueAt(Now))
            OnTimeout(correlation);
        if (!_closing && _socket.Outbox.CongestedFor >= SessionTimes.Slow)
            Close(
                CloseCodes.Slow,
                "The client reads too slowly; what it missed waits in the journal.",
                dropWaiting: true
            );
        if (_closing)
            return;
        var next = SessionClock.Earliest(_times.Next, _pending.NextDue);
        if (_socket.Outbox.CongestedFor is { } congested)
            next = SessionClock.Earliest(next, Now + SessionTimes.Slow - congested);
        Arm(next ?? Now + LongestTimer);
    }

    private void Do(SessionDue due)
    {
        switch (due)
        {
            case SessionDue.Ping:
                Send(ServerFrames.Ping);
                break;
            case SessionDue.HelloTimeout:
                Close(CloseCodes.HelloTimeout, "No hello in time.");
                break;
            case SessionDue.NoPong:
                Close(CloseCodes.NoPong, "No pong in time.");
                break;
            case SessionDue.TokenExpired:
                Close(CloseCodes.AuthFailed, "The token has expired.");
                break;
            case SessionDue.Drained:
                Close(CloseCodes.Drain, "This node goes; connect again.");
                break;
        }
    }

    private void OnTimeout(long correlation)
    {
        if (!IsAttaching(correlation))
            RefuseWaiting(correlation, Asking.TimedOut);
        else if (TryEnd(correlation, out _))
        {
            if (_state == SessionState.Ready)
                Attach();
            else
                AttachRefused(Asking.TimedOut);
        }
    }

    private void StartDrain(DrainSocket drain)
    {
        if (_state == SessionState.Ready)
            Send(ServerFrames.Drain((int)drain.Within.TotalMilliseconds));
        // Spread out, so that the other nodes do not get everyone at once.
        _times.DrainsIn(Now, drain.Within * Random.Shared.NextDouble());
        EnsureTick();
    }
}
