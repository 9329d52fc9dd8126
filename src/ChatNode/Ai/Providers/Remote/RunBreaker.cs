namespace ChatAi.ChatNode.Ai.Providers.Remote;

public enum BreakerState
{
    /// <summary>Runs are sent.</summary>
    Closed,

    /// <summary>One run is sent, and decides.</summary>
    HalfOpen,

    /// <summary>No run is sent.</summary>
    Open,
}

/// <summary>
/// A circuit breaker over whole answers, from the request to the last word: a server that answers at once and then
/// falls silent is as useless as one that is down.
/// </summary>
/// <param name="changed">Called in the order of the changes; not to call back.</param>
public sealed class RunBreaker(int breakAfter, TimeSpan breakFor, TimeProvider time, Action<BreakerState> changed)
{
    private readonly Lock _lock = new();
    private BreakerState _state;
    private int _failures;
    private long _openedAt;
    private Pass? _probe;

    public BreakerState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>Leave to send a run, whose end is to be told; null while there is none.</summary>
    public Pass? TryEnter()
    {
        lock (_lock)
        {
            if (_state == BreakerState.Open && time.GetElapsedTime(_openedAt) >= breakFor)
                Turn(BreakerState.HalfOpen);
            if (_state == BreakerState.Open || (_state == BreakerState.HalfOpen && _probe is not null))
                return null;
            var pass = new Pass(this);
            if (_state == BreakerState.HalfOpen)
                _probe = pass;
            return pass;
        }
    }

    /// <summary>One run's leave. The first thing told of it counts.</summary>
    public sealed class Pass(RunBreaker breaker)
    {
        private bool _isTold;

        public void Succeeded() => Tell(true);

        public void Failed() => Tell(false);

        /// <summary>It was given up for reasons of its own.</summary>
        public void Left() => Tell(null);

        private void Tell(bool? good)
        {
            lock (breaker._lock)
            {
                if (_isTold)
                    return;
                _isTold = true;
                breaker.Told(this, good);
            }
        }
    }

    private void Told(Pass pass, bool? good)
    {
        var isProbe = pass == _probe;
        if (isProbe)
            _probe = null;
        // What was sent before the break says nothing about the time after it.
        if (good is null || (_state != BreakerState.Closed && !isProbe))
            return;
        _failures = good.Value ? 0 : _failures + 1;
        if (good.Value)
            Turn(BreakerState.Closed);
        else if (isProbe || _failures >= breakAfter)
        {
            _openedAt = time.GetTimestamp();
            Turn(BreakerState.Open);
        }
    }

    private void Turn(BreakerState to)
    {
        if (_state == to)
            return;
        _state = to;
        changed(to);
    }
}
