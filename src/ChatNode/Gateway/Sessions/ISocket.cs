using Akka.Actor;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>The connection below a session: frames in by acknowledged messages, frames out by the outbox.</summary>
public interface ISocket
{
    Outbox Outbox { get; }

    /// <summary>Who the upgrade's <c>Authorization</c> header speaks for; null where there was none.</summary>
    TokenInfo? Authorized { get; }

    /// <summary>
    /// Begins to read. The session gets <see cref="SocketSignals.Opened"/>, then one <see cref="Codec.ClientFrame"/> at
    /// a time, each after it has answered the one before with <see cref="SocketSignals.Next"/>; last
    /// <see cref="SocketSignals.Ended"/>.
    /// </summary>
    void Start(IActorRef session);

    /// <summary>Ends the connection, after what waits unless <paramref name="dropWaiting"/>. The session is over.</summary>
    void Close(SocketClose close, bool dropWaiting = false);
}

public static class SocketSignals
{
    public sealed record Opened
    {
        public static readonly Opened Instance = new();
    }

    /// <summary>Session → socket: the next frame may come.</summary>
    public sealed record Next
    {
        public static readonly Next Instance = new();
    }

    /// <summary>The client has closed, or the connection is lost.</summary>
    public sealed record Ended
    {
        public static readonly Ended Instance = new();
    }
}
