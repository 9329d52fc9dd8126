using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatAi.Client.Connection;

/// <summary>One WebSocket: writes one frame at a time, matches answers to requests, answers pings.</summary>
internal sealed class Socket(ChatAiClientOptions options) : IDisposable
{
    private const int LargestFrame = 16 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _room = new(32, 32);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<JsonElement>> _pending = [];
    private long _lastId;
    private bool _hasEnded;

    /// <summary>Silence for this long means that the other side is gone, though the socket does not say so.</summary>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(35);

    public async Task ConnectAsync(Uri server, CancellationToken stop)
    {
        // The protocol has its own pings.
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        _socket.Options.AddSubProtocol("chat.v1.json");
        var address = new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = "/v1/ws" };
        await _socket.ConnectAsync(address.Uri, stop).ConfigureAwait(false);
    }

    /// <summary>Reads until the socket ends and returns its close code, or null where it broke off.</summary>
    public async Task<int?> ReadAsync(Func<JsonElement, ValueTask> take, CancellationToken stop)
    {
        using var frame = new MemoryStream();
        try
        {
            while (await ReadFrameAsync(frame, stop).ConfigureAwait(false))
            {
                await TakeAsync(frame, take, stop).ConfigureAwait(false);
            }

            return (int?)_socket.CloseStatus;
        }
        catch (Exception gone)
            when (gone
                    is WebSocketException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            stop.ThrowIfCancellationRequested();
            return (int?)_socket.CloseStatus;
        }
        finally
        {
            End();
        }
    }

    /// <summary>Asks and waits for the answer.</summary>
    /// <exception cref="ChatAiException">An <c>err</c>, <c>disconnected</c> or <c>no_answer</c>.</exception>
    public async Task<JsonElement> RequestAsync(string op, JsonObject d, CancellationToken stop)
    {
        // Fewer than the server's limit in flight, so that it never refuses one for that.
        await _room.WaitAsync(stop).ConfigureAwait(false);
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            lock (_gate)
            {
                if (_hasEnded)
                {
                    throw ChatAiException.Disconnected();
                }

                _pending[id] = answer;
            }

            await WriteAsync(
                    new JsonObject
                    {
                        ["id"] = id,
                        ["op"] = op,
                        ["d"] = d.DeepClone(),
                    },
                    stop
                )
                .ConfigureAwait(false);
            return await answer.Task.WaitAsync(options.AnswerWithin, options.Time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new ChatAiException("no_answer", $"No answer to {op} in time.", retry: true);
        }
        finally
        {
            lock (_gate)
            {
                _pending.Remove(id);
            }

            _room.Release();
        }
    }

    public async Task WriteAsync(JsonObject frame, CancellationToken stop)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(frame, ClientJson.Default.JsonObject);
        await _writing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // A write that is given up half-way ends the socket, so only the end of the client cancels it.
            await _socket
                .SendAsync(bytes, WebSocketMessageType.Text, true, CancellationToken.None)
                .WaitAsync(options.AnswerWithin, options.Time, stop)
                .ConfigureAwait(false);
        }
        catch (Exception gone)
            when (gone is WebSocketException or ObjectDisposedException or InvalidOperationException or TimeoutException
            )
        {
            Abort();
            throw ChatAiException.Disconnected();
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Abort() => _socket.Abort();

    public void Dispose()
    {
        End();
        _socket.Abort();
        _socket.Dispose();
    }

    private async Task<bool> ReadFrameAsync(MemoryStream frame, CancellationToken stop)
    {
        frame.SetLength(0);
        var part = new byte[8192];
        while (true)
        {
            using var timer = options.Time.CreateTimer(_ => Abort(), null, Silence, Timeout.InfiniteTimeSpan);
            var read = await _socket.ReceiveAsync(part.AsMemory(), stop).ConfigureAwait(false);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return false;
            }

            await frame.WriteAsync(part.AsMemory(0, read.Count), stop).ConfigureAwait(false);
            if (frame.Length > LargestFrame)
            {
                Abort();
                return false;
            }

            if (read.EndOfMessage)
            {
                return true;
            }
        }
    }

    private async ValueTask TakeAsync(MemoryStream bytes, Func<JsonElement, ValueTask> take, CancellationToken stop)
    {
        JsonElement frame;
        try
        {
            frame = JsonSerializer.Deserialize(
                bytes.GetBuffer().AsSpan(0, (int)bytes.Length),
                ClientJson.Default.JsonElement
            );
        }
        catch (JsonException)
        {
            return;
        }

        if (frame.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (frame.TryGetProperty("re", out var re))
        {
            Answer(re.GetInt64(), frame);
        }
        else if (frame.TryGetProperty("ev", out _))
        {
            await take(frame).ConfigureAwait(false);
        }
        else if (!frame.EnumerateObject().Any())
        {
            await WriteAsync([], stop).ConfigureAwait(false);
        }
    }

    private void Answer(long id, JsonElement frame)
    {
        TaskCompletionSource<JsonElement>? waiting;
        lock (_gate)
        {
            _pending.Remove(id, out waiting);
        }

        if (frame.TryGetProperty("err", out var err))
        {
            var body = err.Deserialize(ClientJson.Default.ErrorBody)!;
            TimeSpan? after = body.AfterMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
            waiting?.TrySetException(new ChatAiException(body.Code, body.Msg, body.Retry, after));
        }
        else
        {
            waiting?.TrySetResult(frame.TryGetProperty("ok", out var ok) ? ok : default);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            foreach (var waiting in _pending.Values)
            {
                waiting.TrySetException(ChatAiException.Disconnected());
            }

            _pending.Clear();
        }
    }
}
