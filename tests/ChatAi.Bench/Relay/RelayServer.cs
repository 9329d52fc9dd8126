using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ChatAi.Bench.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChatAi.Bench.Relay;

/// <param name="Drop">Every so manieth message is acknowledged but not delivered (0 never): proves the checks.</param>
/// <param name="Twice">Every so manieth message is delivered twice, under two numbers.</param>
/// <param name="Swap">Every so manieth message is held back until the next one of its chat has gone.</param>
public sealed record RelayFaults(int Drop = 0, int Twice = 0, int Swap = 0);

/// <summary>
/// The bare relay: parses the frames of protocol v1 that a pair of users needs, finds the recipient in a dictionary,
/// forwards, and acknowledges. Without a store it is the limit of the platform, with one that of a durable service.
/// </summary>
public sealed class RelayServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Connection> _online = [];
    private readonly ConcurrentDictionary<Guid, Pair> _pairs = [];
    private readonly ConcurrentDictionary<(Guid, Guid), Guid> _pairOf = [];
    private readonly GroupCommit? _commit;
    private readonly RelayFaults _faults;
    private readonly WebApplication _app;
    private int _count;

    private RelayServer(string url, IRelayStore? store, RelayFaults faults)
    {
        _commit = store is null ? null : new GroupCommit(store);
        _faults = faults;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        _app = builder.Build();
        _app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        _app.MapGet("/health/ready", () => "ready");
        _app.Map("/v1/ws", ServeAsync);
    }

    public Uri Url => new(_app.Urls.First());

    public static async Task<RelayServer> StartAsync(string url, IRelayStore? store = null, RelayFaults? faults = null)
    {
        var relay = new RelayServer(url, store, faults ?? new RelayFaults());
        await relay._app.StartAsync();
        return relay;
    }

    /// <summary>Returns when told to stop; throws what the store threw.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancel)
    {
        var stopped = ((IHost)_app).WaitForShutdownAsync(cancel);
        await await Task.WhenAny(stopped, _commit?.Writing ?? stopped);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _online.Values)
        {
            connection.Socket.Abort();
        }

        await _app.DisposeAsync();
        if (_commit is not null)
        {
            await _commit.DisposeAsync();
        }
    }

    private async Task ServeAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync("chat.v1.json");
        var connection = new Connection(socket, new FrameSender(socket));
        var frames = new FrameReceiver(socket);
        while (await frames.NextAsync(http.RequestAborted) is { } frame)
        {
            var stored = Take(connection, frame.Span);
            if (!stored.IsCompletedSuccessfully)
            {
                await stored;
            }
        }

        _online.TryRemove(new(connection.User, connection));
    }

    private ValueTask Take(Connection from, ReadOnlySpan<byte> bytes)
    {
        var frame = ClientFrame.Read(bytes);
        if (frame.Op.IsEmpty)
        {
            return ValueTask.CompletedTask;
        }

        if (frame.Op.SequenceEqual("message.send"u8))
        {
            return Send(from, frame);
        }

        if (frame.Op.SequenceEqual("hello"u8))
        {
            from.User = Guid.Parse(Encoding.UTF8.GetString(frame.Token), CultureInfo.InvariantCulture);
            _online[from.User] = from;
            Answer(from, $$$"""{"re":{{{frame.Id}}},"ok":{"user":"{{{from.User}}}","epoch":"relay"}}""");
        }
        else if (frame.Op.SequenceEqual("chat.create"u8))
        {
            Answer(from, $$$"""{"re":{{{frame.Id}}},"ok":{"id":"{{{PairUp(from.User, frame.Member)}}}"}}""");
        }
        else
        {
            Answer(
                from,
                $$$"""{"re":{{{frame.Id}}},"err":{"code":"unsupported","msg":"not a relay's","retry":false}}"""
            );
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask Send(Connection from, in ClientFrame frame)
    {
        var pair = _pairs[frame.Chat];
        var at = TimeProvider.System.GetUtcNow();
        var row = new RelayRow(
            frame.Chat,
            pair.NextSeq(),
            Guid.CreateVersion7(at),
            from.User,
            frame.Cid,
            Encoding.UTF8.GetString(frame.Text),
            at
        );
        var id = frame.Id;
        if (_commit is not null)
        {
            return _commit.AddAsync(row, stored => Finish(from, id, pair, stored));
        }

        Finish(from, id, pair, row);
        return ValueTask.CompletedTask;
    }

    private void Finish(Connection from, long id, Pair pair, RelayRow row)
    {
        Acknowledge(from, id, row);
        if (!_online.TryGetValue(pair.Other(row.Sender), out var to))
        {
            return;
        }

        var count = _faults == new RelayFaults() ? 0 : Interlocked.Increment(ref _count);
        if (Hits(_faults.Drop, count))
        {
            return;
        }

        if (Hits(_faults.Swap, count) && Interlocked.CompareExchange(ref pair.Held, row, null) is null)
        {
            return;
        }

        Forward(to, row);
        if (Hits(_faults.Twice, count))
        {
            Forward(to, row with { Seq = pair.NextSeq() });
        }

        if (pair.Held is { } held && held.Sender == row.Sender)
        {
            pair.Held = null;
            Forward(to, held);
        }
    }

    private static void Acknowledge(Connection to, long id, RelayRow row)
    {
        var rented = ArrayPool<byte>.Shared.Rent(512);
        Utf8.TryWrite(
            rented,
            $$$"""{"re":{{{id}}},"ok":{"chat":"{{{row.Chat}}}","seq":{{{row.Seq}}},"msg":"{{{row.Id}}}","ts":"{{{row.At:O}}}","dup":false}}""",
            out var length
        );
        to.Sender.Send(rented, length);
    }

    private static void Forward(Connection to, RelayRow row)
    {
        var rented = ArrayPool<byte>.Shared.Rent(512 + (row.Text.Length * 3));
        Utf8.TryWrite(
            rented,
            $$$"""{"ev":"message.created","chat":"{{{row.Chat}}}","seq":{{{row.Seq}}},"ts":"{{{row.At:O}}}","d":{"msg":"{{{row.Id}}}","sender":"{{{row.Sender}}}","is_ai":false,"text":"{{{row.Text}}}","cid":"{{{row.Cid}}}"}}""",
            out var length
        );
        to.Sender.Send(rented, length);
    }

    private static void Answer(Connection to, string json) => to.Sender.Send(Encoding.UTF8.GetBytes(json));

    private static bool Hits(int every, int count) => every > 0 && count % every == 0;

    private Guid PairUp(Guid one, Guid two)
    {
        var key = one.CompareTo(two) < 0 ? (one, two) : (two, one);
        var chat = _pairOf.GetOrAdd(key, _ => Guid.CreateVersion7());
        _pairs.TryAdd(chat, new Pair(one, two));
        return chat;
    }

    private sealed class Connection(System.Net.WebSockets.WebSocket socket, FrameSender sender)
    {
        public System.Net.WebSockets.WebSocket Socket { get; } = socket;

        public FrameSender Sender { get; } = sender;

        public Guid User { get; set; }
    }

    private sealed class Pair(Guid one, Guid two)
    {
        private long _seq;

        public RelayRow? Held;

        public long NextSeq() => Interlocked.Increment(ref _seq);

        public Guid Other(Guid user) => user == one ? two : one;
    }
}
