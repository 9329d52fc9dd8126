namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>What a session's clock says is to be done.</summary>
public enum SessionDue
{
    Nothing,
    Ping,
    HelloTimeout,
    NoPong,
    TokenExpired,
    Drained,
}

/// <summary>The deadlines of a socket. Pure: times are those since its start.</summary>
public sealed class SessionClock(TimeSpan start)
{
    private TimeSpan? _hello = start + SessionTimes.Hello;
    private TimeSpan? _ping;
    private TimeSpan? _pong;
    private TimeSpan? _expiry;
    private TimeSpan? _drain;

    /// <summary>The client is there, whatever it said.</summary>
    public void Heard() => _pong = null;

    public void Welcomed(TimeSpan now)
    {
        _hello = null;
        _ping = now + SessionTimes.Ping;
    }

    public void ExpiresIn(TimeSpan now, TimeSpan rest) => _expiry = now + rest;

    public void DrainsIn(TimeSpan now, TimeSpan rest) => _drain ??= now + rest;

    /// <summary>The next thing whose time has come; to be asked until nothing is due.</summary>
    /// <param name="canHear">False while the session does not read, or the client does not get what is sent.</param>
    public SessionDue TakeDue(TimeSpan now, bool canHear)
    {
        if (_expiry <= now)
            return SessionDue.TokenExpired;
        if (_hello <= now)
            return SessionDue.HelloTimeout;
        if (_drain <= now)
            return SessionDue.Drained;
        if (_pong <= now)
        {
            _pong = null;
            if (canHear)
                return SessionDue.NoPong;
        }
        if (_ping <= now)
        {
            _ping = now + SessionTimes.Ping;
            if (canHear)
                _pong ??= now + SessionTimes.Pong;
            return SessionDue.Ping;
        }
        return SessionDue.Nothing;
    }

    public TimeSpan? Next => Earliest(Earliest(_hello, _ping), Earliest(_pong, Earliest(_expiry, _drain)));

    public static TimeSpan? Earliest(TimeSpan? a, TimeSpan? b) =>
        a is null ? b
        : b is null || a < b ? a
        : b;
}
