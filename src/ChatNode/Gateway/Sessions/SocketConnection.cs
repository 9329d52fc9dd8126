using System.Buffers;
using System.Net.WebSockets;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>
/// One WebSocket as an Akka stream, materialised once: frames are read when the session has taken the one before, so a
/// session that does not keep up is felt by the client's TCP; and the outbox is written as fast as the client reads.
/// </summary>
public sealed class SocketConnection : ISocket, IDisposable
{
    private const int FirstBuffer = 4096;

    /// <summary>How often the writer goes to sleep and is woken within one pull: each return to the stream costs a hop.</summary>
    private const int TurnsAPull = 64;

    private static readonly Task<Option<(SocketConnection, ClientFrame)>> NoFrame = Task.FromResult(
        Option<(SocketConnection, ClientFrame)>.None
    );

    private readonly WebSocket _socket;
    private readonly Action _breakOff;
    private readonly IMaterializer _materializer;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<Option<(SocketConnection, ClientFrame)>> _receiving = NoFrame;
    private UniqueKillSwitch? _killSwitch;
    private ITimer? _linger;
    private bool _draining;

    /// <param name="breakOff">Ends the connection below the socket at once.</param>
    public SocketConnection(
        WebSocket socket,
        Action breakOff,
        TokenInfo? authorized,
        IMaterializer materializer,
        TimeProvider time
    )
    {
        _socket = socket;
        _breakOff = breakOff;
        _materializer = materializer;
        _time = time;
        Authorized = authorized;
        Outbox = new Outbox(time);
    }

    public Outbox Outbox { get; }

    public TokenInfo? Authorized { get; }

    /// <summary>Ends when nothing more is read from or written to the socket.</summary>
    public Task Completed => _completed.Task;

    public void Start(IActorRef session)
    {
        var inbound = Source
            .UnfoldAsync(this, static connection => connection.NextAsync())
            .To(
                Sink.ActorRefWithAck<ClientFrame>(
                        session,
                        SocketSignals.Opened.Instance,
                        SocketSignals.Next.Instance,
                        SocketSignals.Ended.Instance,
                        static _ => SocketSignals.Ended.Instance
                    )
                    .WithAttributes(Attributes.CreateInputBuffer(1, 1))
            );
        var outbound = Source
            .UnfoldAsync(this, static connection => connection.WriteReadyAsync())
            .ViaMaterialized(KillSwitches.Single<NotUsed>(), Keep.Right)
            .To(Sink.Ignore<NotUsed>());
        // Two lines side by side in one graph: one interpreter a socket.
        var both = RunnableGraph.FromGraph(
            GraphDsl.Create(
                inbound,
                outbound,
                static (_, killSwitch) => killSwitch,
                static (_, _, _) => ClosedShape.Instance
            )
        );
        _killSwitch = both.Run(_materializer);
    }

    public void Close(SocketClose close, bool dropWaiting = false)
    {
        lock (_gate)
            _linger ??= _time.CreateTimer(
                static connection => ((SocketConnection)connection!).Abort(),
                this,
                close.Code switch
                {
                    CloseCodes.Slow => SessionTimes.SlowLinger,
                    CloseCodes.Drain => SessionTimes.DrainLinger,
                    _ => SessionTimes.Linger,
                },
                Timeout.InfiniteTimeSpan
            );
        Outbox.Close(close, dropWaiting);
    }

    /// <summary>Closes a socket that never gets a session.</summary>
    public Task RefuseAsync(SocketClose close)
    {
        Close(close);
        return WriteReadyAsync();
    }

    public void Dispose() => _linger?.Dispose();

    /// <summary>Ends whatever still waits on the socket; what was not sent is lost.</summary>
    private void Abort()
    {
        _socket.Abort();
        _breakOff();
        _killSwitch?.Shutdown();
        _completed.TrySetResult();
    }

    private Task<Option<(SocketConnection, ClientFrame)>> NextAsync()
    {
        lock (_gate)
        {
            if (_draining)
                return NoFrame;
            _receiving = ReceiveAsync();
        }
        return _receiving;
    }

    /// <summary>One whole frame, or none when the socket has ended.</summary>
    private async Task<Option<(SocketConnection, ClientFrame)>> ReceiveAsync()
    {
        byte[]? buffer = null;
        try
        {
            // Waits without a buffer: an idle socket has none.
            var part = await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
            var length = 0;
            while (true)
            {
                if (part.MessageType == WebSocketMessageType.Close)
                    return Option<(SocketConnection, ClientFrame)>.None;
                if (part.MessageType == WebSocketMessageType.Binary)
                    return Frame(new ClientFrame.Fatal(CloseCodes.BadFrame, "A frame must be text."));
                length += part.Count;
                if (length > Limits.FrameBytes)
                    return Frame(
                        new ClientFrame.Fatal(CloseCodes.TooLarge, $"A frame has at most {Limits.FrameBytes} bytes.")
                    );
                if (part.EndOfMessage)
                    return Frame(ClientCodec.Decode(buffer.AsMemory(0, length)));
                buffer = WithRoom(buffer, length);
                // A receive may wait until its buffer is full: no more is asked for than tells that a frame is too large.
                var room = Math.Min(buffer.Length, Limits.FrameBytes + 1) - length;
                part = await _socket.ReceiveAsync(buffer.AsMemory(length, room), CancellationToken.None);
            }
        }
        catch (Exception lost)
            when (lost is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            return Option<(SocketConnection, ClientFrame)>.None;
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Option<(SocketConnection, ClientFrame)> Frame(ClientFrame frame) => (this, frame);

    private static byte[] WithRoom(byte[]? buffer, int length)
    {
        if (buffer is null)
            return ArrayPool<byte>.Shared.Rent(FirstBuffer);
        if (length < buffer.Length)
            return buffer;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, Limits.FrameBytes + 1));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Sends what is ready, as soon as something is.</summary>
    private async Task<Option<(SocketConnection, NotUsed)>> WriteReadyAsync()
    {
        SocketClose? close = null;
        try
        {
            for (var turn = 0; close is null; turn++)
            {
                if (turn == TurnsAPull)
                    return (this, NotUsed.Instance);
                close = await Outbox.WaitAsync();
                while (Outbox.TryTake(out var frame))
                    await _socket.SendAsync(frame, WebSocketMessageType.Text, true, CancellationToken.None);
            }
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, close.Reason, CancellationToken.None);
        }
        catch (Exception lost)
            when (lost is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            Abort();
            return Option<(SocketConnection, NotUsed)>.None;
        }
        await ReadOutAsync();
        _completed.TrySetResult();
        return Option<(SocketConnection, NotUsed)>.None;
    }

    /// <summary>
    /// Reads and drops what the client still sends, up to its half of the closing handshake: to break off a connection
    /// with unread bytes could take the close frame away from the client.
    /// </summary>
    private async Task ReadOutAsync()
    {
        Task last;
        lock (_gate)
        {
            _draining = true;
            last = _receiving;
        }
        await last;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            while (_socket.State is WebSocketState.Open or WebSocketState.CloseSent)
                await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        }
        catch (Exception lost)
            when (lost is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // Lost, or the bytes were no WebSocket frames: then a close frame has been sent already.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
