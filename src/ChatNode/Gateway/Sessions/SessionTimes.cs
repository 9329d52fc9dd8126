namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>How long a session waits for what.</summary>
public static class SessionTimes
{
    public static readonly TimeSpan Hello = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Ping = TimeSpan.FromSeconds(25);
    public static readonly TimeSpan Pong = TimeSpan.FromSeconds(10);

    /// <summary>For an answer of an entity; then the client hears <c>timeout</c>.</summary>
    public static readonly TimeSpan Answer = Operations.Asking.Patience;

    /// <summary>How long a client may be behind before the socket closes with 4008.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);

    /// <summary>Sockets of a node that shuts down close within this time, spread out.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromMilliseconds(700);

    /// <summary>How much later the last of them may be on a busy machine.</summary>
    public static readonly TimeSpan DrainSlack = TimeSpan.FromMilliseconds(200);

    /// <summary>For the client's half of the closing handshake when its node goes: no one must hold the node up.</summary>
    public static readonly TimeSpan DrainLinger = TimeSpan.FromMilliseconds(500);

    /// <summary>When to look for what was missed while the user's entity moved, counted from its coming back.</summary>
    public static readonly IReadOnlyList<TimeSpan> LooksAfterMove =
    [
        TimeSpan.Zero,
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(6),
        TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(40),
    ];

    /// <summary>For the client's half of the closing handshake; then the connection is broken off.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    /// <summary>The same for a slow client, which has to read what is in its way first.</summary>
    public static readonly TimeSpan SlowLinger = TimeSpan.FromSeconds(20);
}
