namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>Counts what a client should not do, until it is too much. Pure: the caller brings the time.</summary>
public sealed class Strikes
{
    /// <summary>So many bad frames in a row close the socket.</summary>
    public const int BadFrames = 3;

    /// <summary>So many refusals for rate within <see cref="Window"/> close the socket: the client does not listen.</summary>
    public const int Refusals = 1_000;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private int _badInRow;
    private int _refused;
    private TimeSpan _windowStart;

    public void GoodFrame() => _badInRow = 0;

    /// <summary>True when the socket has to close.</summary>
    public bool BadFrame() => ++_badInRow >= BadFrames;

    /// <summary>True when the socket has to close.</summary>
    public bool Refused(TimeSpan now)
    {
        if (now - _windowStart > Window)
            (_windowStart, _refused) = (now, 0);
        return ++_refused >= Refusals;
    }
}
