using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ChatAi.Bench.Sockets;

namespace ChatAi.Bench.Delivery;

/// <summary>One user of the load: a real socket of protocol v1, kept lean because hundreds share the machine.</summary>
public sealed class LoadSocket : IAsyncDisposable
{
    // Below are set-up and repair, above are messages, so that an answer says by its number what it answers.
    private const long FirstMessageId = 1_000_000;

    private readonly ClientWebSocket _socket = new();
    private readonly FrameSender _sender;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<long, TaskCompletionSource<JsonElement>> _control = [];
    private readonly int _index;
    private readonly int _peer;
    private Task _receiving = Task.CompletedTask;
    private long _controlId;
    private long _nextMessageId = FirstMessageId;
    private volatile View? _view;

    private LoadSocket(int index, Guid user)
    {
        _index = index;
        _peer = index ^ 1;
        User = user;
        _socket.Options.Proxy = null;
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        _socket.Options.AddSubProtocol("chat.v1.json");
        _sender = new FrameSender(_socket);
    }

    public Guid User { get; }

    public Guid Chat { get; private set; }

    /// <summary>Connects, says hello, and finds or makes the 1:1 chat with the peer.</summary>
    public static async Task<LoadSocket> ConnectAsync(Uri server, int index, Login login, Guid peer)
    {
        var load = new LoadSocket(index, login.User);
        await load._socket.ConnectAsync(
            new UriBuilder(server) { Scheme = "ws", Path = "/v1/ws" }.Uri,
            CancellationToken.None
        );
        load._receiving = load.ReceiveAsync();
        await load.AskAsync(
            "hello",
            new
            {
                token = login.Token,
                device = "load",
                client = "bench/1",
            }
        );
        var chat = await load.AskAsync("chat.create", new { type = "1_to_1", members = new[] { peer } });
        load.Chat = chat.GetProperty("id").GetGuid();
        return load;
    }

    /// <summary>Begins a run: from now on answers and messages are entered in this ledger.</summary>
    public void Begin(RunLedger ledger, int messages)
    {
        _view = new View(_nextMessageId, new PeerStream(ledger, _peer));
        _nextMessageId += messages;
    }

    public void Send(int number, int textSize, long intended)
    {
        var view = _view!;
        var ledger = view.Peer.Ledger;
        var rented = ArrayPool<byte>.Shared.Rent(256 + textSize);
        Utf8.TryWrite(
            rented,
            $$$"""{"id":{{{view.FirstId + number}}},"op":"message.send","d":{"chat":"{{{Chat}}}","cid":"{{{Guid.CreateVersion7()}}}","text":""",
            out var length
        );
        rented[length++] = (byte)'"';
        LoadText.Write(rented.AsSpan(length, textSize), ledger.Run, _index, number);
        length += textSize;
        "\"}}"u8.CopyTo(rented.AsSpan(length));
        length += 3;
        ledger.Sent(_index, number, intended);
        _sender.Send(rented, length);
    }

    public async ValueTask DisposeAsync()
    {
        _view = null;
        await _stop.CancelAsync();
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task<JsonElement> AskAsync(string op, object d)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        SendControl(op, d, answer);
        var frame = await answer.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return frame.TryGetProperty("ok", out var ok)
            ? ok
            : throw new InvalidOperationException($"{op} was refused: {frame.GetRawText()}");
    }

    private void SendControl(string op, object d, TaskCompletionSource<JsonElement> answer)
    {
        var id = Interlocked.Increment(ref _controlId);
        lock (_control)
        {
            _control[id] = answer;
        }

        _sender.Send(
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    id,
                    op,
                    d,
                }
            )
        );
    }

    private async Task ReceiveAsync()
    {
        var frames = new FrameReceiver(_socket);
        while (await frames.NextAsync(_stop.Token) is { } frame)
        {
            Take(frame.Span);
        }

        var why = $"a socket closed: {(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}";
        _view?.Peer.Ledger.Break(why);
        lock (_control)
        {
            foreach (var waiting in _control.Values)
            {
                waiting.TrySetException(new InvalidOperationException(why));
            }
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        var frame = ServerFrame.Read(bytes);
        var view = _view;
        switch (frame.Kind)
        {
            case ServerFrameKind.Message when view is not null:
                TakeMessage(view, frame);
                break;
            case ServerFrameKind.Ok or ServerFrameKind.Err when frame.Re < FirstMessageId:
                TakeControl(frame);
                break;
            case ServerFrameKind.Ok when view is not null && frame.Re >= view.FirstId:
                view.Peer.Ledger.Answered(_index, (int)(frame.Re - view.FirstId));
                break;
            case ServerFrameKind.Err when view is not null && frame.Re >= view.FirstId:
                view.Peer.Ledger.Refused(_index, (int)(frame.Re - view.FirstId), Encoding.UTF8.GetString(frame.Code));
                break;
            case ServerFrameKind.Ping when frame.Whole.Length <= 4:
                _sender.Send("{}"u8);
                break;
            default:
                // Other events are not part of the load, nor are answers that belong to a run that was given up.
                break;
        }
    }

    private void TakeMessage(View view, in ServerFrame frame)
    {
        var ledger = view.Peer.Ledger;
        if (IsPeers(ledger, frame.Text, out var number) && view.Peer.Take(number, frame.Seq))
        {
            ledger.Gap();
            _ = RepairAsync(view);
        }
    }

    /// <summary>Asks for what is missing. Runs on the receive loop as the answer's continuation would: see TakeControl.</summary>
    private async Task RepairAsync(View view)
    {
        var answer = new TaskCompletionSource<JsonElement>();
        SendControl("sync.get", new { chat = Chat, after = view.Peer.LastSeq }, answer);
        var frame = await answer.Task;
        if (frame.TryGetProperty("ok", out var ok))
        {
            foreach (var missed in ok.GetProperty("events").EnumerateArray())
            {
                if (
                    missed.GetProperty("ev").GetString() == "message.created"
                    && missed.GetProperty("d").TryGetProperty("text", out var text)
                    && IsPeers(view.Peer.Ledger, Encoding.UTF8.GetBytes(text.GetString()!), out var number)
                )
                {
                    view.Peer.TakeMissed(number, missed.GetProperty("seq").GetInt64());
                }
            }
        }

        view.Peer.GiveUpHoles();
    }

    private bool IsPeers(RunLedger ledger, ReadOnlySpan<byte> text, out int number) =>
        LoadText.TryRead(text, out var run, out var sender, out number)
        && run == ledger.Run
        && sender == _peer
        && ledger.Knows(sender, number);

    private void TakeControl(in ServerFrame frame)
    {
        TaskCompletionSource<JsonElement>? waiting;
        lock (_control)
        {
            _control.Remove(frame.Re, out waiting);
        }

        using var document = JsonDocument.Parse(frame.Whole.ToArray());
        waiting?.TrySetResult(document.RootElement.Clone());
    }

    private sealed record View(long FirstId, PeerStream Peer);
}
