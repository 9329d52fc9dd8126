using System.Net.WebSockets;
using System.Text.Json;
using ChatAi.Testing.Documents;

namespace ChatAi.Testing;

/// <param name="Memory">What an earlier socket of the same person saw; hello then asks to resume from it.</param>
/// <param name="AnswerPings">False plays a client that went silent.</param>
/// <param name="Subprotocols">What the upgrade offers; empty offers none.</param>
/// <param name="Headers">Extra headers of the upgrade, such as Authorization or Origin.</param>
/// <param name="Patience">How long an upgrade or an answer may take; <see cref="ChatClient.Patience"/> by default.</param>
/// <param name="Received">Called with each durable event as it comes, also with one that came before.</param>
public sealed record ChatClientOptions(
    ChatMemory? Memory = null,
    bool AnswerPings = true,
    IReadOnlyList<string>? Subprotocols = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    TimeSpan? Patience = null,
    Action<ChatEvent>? Received = null
);

/// <summary>
/// A client of protocol v1 over one socket. It answers pings, matches answers to requests, drops numbers it has,
/// fills gaps by <c>sync.get</c> and remembers everything it saw, in order.
/// </summary>
public sealed class ChatClient : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Asked> _pending = [];
    private readonly HashSet<Guid> _syncing = [];
    private readonly EventLog<ChatEvent> _seen = new(seen => $"{seen.Ev} {seen.Chat} {seen.Seq} {seen.D}");
    private readonly EventLog<string> _strays = new(stray => stray);
    private readonly TaskCompletionSource<SocketEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChatClientOptions _options;
    private Task _receiving = Task.CompletedTask;
    private long _lastId;
    private UndocumentedException? _undocumented;

    private ChatClient(ChatClientOptions options)
    {
        _options = options;
        Memory = options.Memory ?? new ChatMemory();
    }

    public ChatMemory Memory { get; }

    public HelloAnswer? Hello { get; private set; }

    public string? Subprotocol => _socket.SubProtocol;

    /// <summary>Ends when the socket does, with the server's close code where there was one.</summary>
    public Task<SocketEnd> Closed => _closed.Task;

    /// <summary>Every event shown so far, durable ones once and in order within their chat.</summary>
    public IReadOnlyList<ChatEvent> Seen => _seen.Snapshot();

    /// <summary>Whole frames that fitted nothing: answers nobody waits for, frames that are no JSON object.</summary>
    public IReadOnlyList<string> Strays => _strays.Snapshot();

    public static async Task<ChatClient> ConnectAsync(Uri server, ChatClientOptions? options = null)
    {
        var client = new ChatClient(options ?? new ChatClientOptions());
        client._socket.Options.Proxy = null;
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        client._socket.Options.CollectHttpResponseDetails = true;
        foreach (var subprotocol in client._options.Subprotocols ?? ["chat.v1.json"])
        {
            client._socket.Options.AddSubProtocol(subprotocol);
        }

        foreach (var (name, value) in client._options.Headers ?? new Dictionary<string, string>())
        {
            client._socket.Options.SetRequestHeader(name, value);
        }

        try
        {
            var address = new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = "/v1/ws" };
            using var late = new CancellationTokenSource(client._options.Patience ?? Patience);
            await client._socket.ConnectAsync(address.Uri, late.Token);
        }
        catch (WebSocketException refused) when ((int)client._socket.HttpStatusCode != 0)
        {
            throw new UpgradeRefusedException((int)client._socket.HttpStatusCode, refused);
        }

        client._receiving = client.ReceiveAsync();
        return client;
    }

    /// <summary>Says hello and, where an earlier socket's memory was given, resumes and pages what was too much.</summary>
    public async Task<HelloAnswer> HelloAsync(string? token, string device = "test")
    {
        object? resume;
        lock (_gate)
        {
            resume = Memory.Resume();
        }

        var ok = await RequestAsync(
            "hello",
            new
            {
                token,
                device,
                client = "test/1",
                resume,
            }
        );
        var hello = ok.Deserialize<HelloAnswer>(Wire.Json)!;
        Hello = hello;
        lock (_gate)
        {
            Memory.Epoch = hello.Epoch;
        }

        foreach (var (chat, resumed) in hello.Resume?.Chats ?? new Dictionary<Guid, ResumedChat>())
        {
            if (resumed.Limited)
            {
                LearnHead(chat, resumed.Head);
            }
        }

        return hello;
    }

    /// <summary>Sends a request and returns its <c>ok</c>; an <c>err</c> is thrown as <see cref="ChatErrorException"/>.</summary>
    public async Task<JsonElement> RequestAsync(string op, object? d = null)
    {
        var id = NextId();
        var frame = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id,
                op,
                d,
            },
            Wire.Json
        );
        return await SendAndAwaitAsync(id, frame);
    }

    public async Task<T> RequestAsync<T>(string op, object? d = null) =>
        (await RequestAsync(op, d)).Deserialize<T>(Wire.Json)!;

    /// <summary>A request written by hand; <paramref name="json"/> must carry the given id.</summary>
    public Task<JsonElement> RequestRawAsync(long id, string json) =>
        SendAndAwaitAsync(id, System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Any bytes as a frame or part of one, for hostile tests.</summary>
    public async Task SendRawAsync(
        ReadOnlyMemory<byte> bytes,
        WebSocketMessageType type = WebSocketMessageType.Text,
        bool endOfMessage = true
    )
    {
        await _sending.WaitAsync(_stop.Token);
        try
        {
            await _socket.SendAsync(bytes, type, endOfMessage, _stop.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or ObjectDisposedException)
        {
            throw new SocketClosedException(_closed.Task.IsCompleted ? await _closed.Task : new SocketEnd(null, null));
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task SendRawAsync(string text) => SendRawAsync(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A place in <see cref="Seen"/>, to wait only for what comes after it.</summary>
    public int Mark() => _seen.Count;

    /// <summary>The first event, seen already or still to come, that fits.</summary>
    public Task<ChatEvent> WaitForAsync(Func<ChatEvent, bool> fits, TimeSpan? within = null, int after = 0) =>
        _seen.WaitForAsync(fits, within ?? Patience, after);

    public Task<ChatEvent> WaitForMessageAsync(Guid chat, string text, TimeSpan? within = null) =>
        WaitForAsync(seen => seen.Ev == "message.created" && seen.Chat == chat && seen.Text == text, within);

    /// <summary>The first stray frame, or failure to fill a gap, that fits.</summary>
    public Task<string> WaitForStrayAsync(Func<string, bool> fits, TimeSpan? within = null) =>
        _strays.WaitForAsync(fits, within ?? Patience, 0);

    /// <summary>Waits until everything up to this number of the chat has been seen without a gap.</summary>
    public async Task WaitForSeqAsync(Guid chat, long seq, TimeSpan? within = null)
    {
        if (LastSeq(chat) < seq)
        {
            await WaitForAsync(seen => seen.Chat == chat && seen.Seq >= seq, within);
        }
    }

    /// <summary>Wants to know everything of the chat after this number.</summary>
    public void Track(Guid chat, long after = 0)
    {
        lock (_gate)
        {
            Memory.Chat(chat).StartAfter(after);
        }
    }

    public long LastSeq(Guid chat)
    {
        lock (_gate)
        {
            return Memory.Chat(chat).LastSeq;
        }
    }

    /// <summary>The durable events of a chat that this client has, in order.</summary>
    public IReadOnlyList<ChatEvent> Timeline(Guid chat)
    {
        lock (_gate)
        {
            return [.. Memory.Chat(chat).Events];
        }
    }

    /// <summary>Breaks the connection off without a closing handshake, as a lost network does.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>The client's own orderly close.</summary>
    public async Task CloseAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            using var late = new CancellationTokenSource(Patience);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, late.Token);
            await _closed.Task.WaitAsync(late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
        if (_undocumented is not null)
        {
            throw _undocumented;
        }
    }

    private static void CheckAnswer(byte[] request, JsonElement answer)
    {
        if (answer.TryGetProperty("err", out _))
        {
            ProtocolDocuments.CheckFrame(answer);
        }
        else if (TryParse(request, out var asked))
        {
            ProtocolDocuments.CheckExchange(asked, answer);
        }
    }

    /// <summary>Keeps the first fault for the end of the test: not everyone waits for the frame that had it.</summary>
    private UndocumentedException? Documented(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (UndocumentedException wrong)
        {
            _undocumented ??= wrong;
            return wrong;
        }
    }

    private long NextId() => Interlocked.Increment(ref _lastId);

    private async Task<JsonElement> SendAndAwaitAsync(long id, byte[] frame)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _pending[id] = new Asked(frame, answer);
        }

        await SendRawAsync(frame);
        if (_closed.Task.IsCompleted)
        {
            answer.TrySetException(new SocketClosedException(await _closed.Task));
        }

        return await answer.Task.WaitAsync(_options.Patience ?? Patience);
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[16 * 1024];
        var frame = new MemoryStream();
        var end = new SocketEnd(null, null);
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    end = new SocketEnd((int?)_socket.CloseStatus, _socket.CloseStatusDescription);
                    break;
                }

                await frame.WriteAsync(buffer.AsMemory(0, part.Count));
                if (part.EndOfMessage)
                {
                    await TakeAsync(frame.GetBuffer().AsMemory(0, (int)frame.Length));
                    frame.SetLength(0);
                }
            }
        }
        catch (Exception lost)
            when (lost
                    is WebSocketException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or SocketClosedException
            )
        {
            end = new SocketEnd((int?)_socket.CloseStatus, _socket.CloseStatusDescription);
        }

        EndWith(end);
    }

    private void EndWith(SocketEnd end)
    {
        _closed.TrySetResult(end);
        lock (_gate)
        {
            foreach (var asked in _pending.Values)
            {
                asked.Answer.TrySetException(new SocketClosedException(end));
            }

            _pending.Clear();
        }

        _seen.Close(new SocketClosedException(end));
        _strays.Close(new SocketClosedException(end));
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!TryParse(bytes, out var frame))
        {
            _strays.Add([System.Text.Encoding.UTF8.GetString(bytes.Span)]);
        }
        else if (frame.TryGetProperty("re", out var re))
        {
            TakeAnswer(re.GetInt64(), frame);
        }
        else if (frame.TryGetProperty("ev", out _))
        {
            Documented(() => ProtocolDocuments.CheckFrame(frame));
            TakeEvent(ChatEvent.Parse(frame));
        }
        else if (!frame.EnumerateObject().Any())
        {
            if (_options.AnswerPings)
            {
                await SendRawAsync("{}"u8.ToArray());
            }
        }
        else
        {
            _strays.Add([frame.GetRawText()]);
        }
    }

    private static bool TryParse(ReadOnlyMemory<byte> bytes, out JsonElement frame)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            frame = document.RootElement.Clone();
            return frame.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            frame = default;
            return false;
        }
    }

    private void TakeAnswer(long id, JsonElement frame)
    {
        Asked? asked;
        lock (_gate)
        {
            _pending.Remove(id, out asked);
        }

        var waiting = asked?.Answer;
        if (waiting is null)
        {
            _strays.Add([frame.GetRawText()]);
        }
        else if (Documented(() => CheckAnswer(asked!.Frame, frame)) is { } undocumented)
        {
            waiting.TrySetException(undocumented);
        }
        else if (frame.TryGetProperty("ok", out var ok))
        {
            waiting.TrySetResult(ok);
        }
        else
        {
            var err = frame.GetProperty("err").Deserialize<ErrBody>(Wire.Json)!;
            waiting.TrySetException(new ChatErrorException(err.Code, err.Msg, 0, err.Retry, err.AfterMs));
        }
    }

    private void TakeEvent(ChatEvent taken)
    {
        if (taken is { Chat: { } chat, Seq: not null })
        {
            _options.Received?.Invoke(taken);
            bool gap;
            lock (_gate)
            {
                var timeline = Memory.Chat(chat);
                _seen.Add(timeline.Offer(taken));
                gap = timeline.HasGap && _syncing.Add(chat);
            }

            if (gap)
            {
                _ = FillGapAsync(chat);
            }

            return;
        }

        _seen.Add([taken]);
        if (taken is { Ev: "inbox", Chat: { } full } && taken.Field("head") is { } head)
        {
            LearnHead(full, head.GetInt64());
        }
    }

    private void LearnHead(Guid chat, long head)
    {
        bool gap;
        lock (_gate)
        {
            var timeline = Memory.Chat(chat);
            timeline.Learn(head);
            gap = timeline.HasGap && _syncing.Add(chat);
        }

        if (gap)
        {
            _ = FillGapAsync(chat);
        }
    }

    private async Task FillGapAsync(Guid chat)
    {
        try
        {
            while (true)
            {
                var page = await RequestAsync("sync.get", new { chat, after = LastSeq(chat) });
                var events = page.GetProperty("events").EnumerateArray().Select(ChatEvent.Parse).ToList();
                events.ForEach(missed => _options.Received?.Invoke(missed));
                lock (_gate)
                {
                    var timeline = Memory.Chat(chat);
                    if (events.Count > 0)
                    {
                        timeline.PageBegins(events[0].Seq!.Value);
                    }

                    foreach (var missed in events)
                    {
                        _seen.Add(timeline.Offer(missed));
                    }

                    // An empty page with a gap left is the server's fault: stop, and let the test see the hole.
                    if (!timeline.HasGap || events.Count == 0)
                    {
                        _syncing.Remove(chat);
                        return;
                    }
                }
            }
        }
        catch (Exception failed)
        {
            lock (_gate)
            {
                _syncing.Remove(chat);
            }

            _strays.Add([$"sync.get of {chat} failed: {failed.Message}"]);
        }
    }

    private sealed record Asked(byte[] Frame, TaskCompletionSource<JsonElement> Answer);

    private sealed record ErrBody(string Code, string? Msg, bool Retry, int? AfterMs);
}
