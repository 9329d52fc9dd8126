using System.Text;
using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.Shared.Domain;

namespace ChatAi.Actors.Tests.Gateway;

/// <summary>A connection that the test plays: it gives frames by hand and takes what the session would send.</summary>
internal sealed class FakeSocket(TimeProvider time, int capacity = Outbox.Capacity) : ISocket
{
    private volatile SocketClose? _closed;

    public Outbox Outbox { get; } = new(time, capacity);

    public TokenInfo? Authorized { get; init; }

    public SocketClose? Closed => _closed;

    public void Start(IActorRef session) { }

    public void Close(SocketClose close, bool dropWaiting = false)
    {
        Outbox.Close(close, dropWaiting);
        _closed ??= close;
    }

    /// <summary>The next frame that the session wants to send, or null.</summary>
    public string? Take() => Outbox.TryTake(out var frame) ? Encoding.UTF8.GetString(frame) : null;
}

internal sealed class Required<T>(IActorRef actor) : IRequiredActor<T>
{
    public IActorRef ActorRef => actor;

    public Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(actor);
}

internal sealed class FakeTokens(Func<string, Outcome<TokenInfo>> verify) : ITokenVerifier
{
    public Outcome<TokenInfo> Verify(string token) => verify(token);
}

internal sealed class FixedEpoch : IEpoch
{
    public string Value => "e7";
}
