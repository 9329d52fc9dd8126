using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ChatAi.Client.Delivery;
using ChatAi.Client.Sending;

namespace ChatAi.Client;

/// <summary>
/// A client of protocol v1: one socket that comes back, every durable event of every chat once and in order, and an
/// outbox that sends what was written while offline.
/// </summary>
public sealed partial class ChatAiClient : IAsyncDisposable
{
    private readonly ChatAiAccount _account;
    private readonly ChatAiClientOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ClientEvent> _events;
    private readonly SemaphoreSlim _delivering = new(1, 1);
    private readonly Timeline _timeline = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, long> _handled = [];
    private readonly HashSet<Guid> _syncing = [];
    private readonly Outbox _outbox;
    private readonly Acks _acks;
    private Connection.Socket? _online;
    private Task _running = Task.CompletedTask;
    private string? _epoch;
    private bool _hasList;

    public ChatAiClient(ChatAiAccount account, ChatAiClientOptions? options = null)
    {
        _account = account;
        _options = options ?? new ChatAiClientOptions();
        _events = Channel.CreateBounded<ClientEvent>(_options.EventsWaiting);
        _outbox = new Outbox(_options, SendNowAsync);
        _acks = new Acks((d, stop) => RequestAsync("ack", d, stop));
        foreach (var (chat, seq) in _options.Resume?.Chats ?? new Dictionary<Guid, long>())
        {
            _timeline.Follow(chat, seq);
            _handled[chat] = seq;
        }

        _epoch = _options.Resume?.Epoch;
        _hasList = _epoch is not null;
    }

    public ConnectionState State { get; private set; } = ConnectionState.Idle;

    /// <summary>What to give to <see cref="ChatAiClientOptions.Resume"/> after a restart; null before the first hello.</summary>
    public ClientPosition? Position
    {
        get
        {
            lock (_gate)
            {
                return _epoch is null ? null : new ClientPosition(_epoch, new Dictionary<Guid, long>(_handled));
            }
        }
    }

    /// <summary>Connects, and stays connected until the client is disposed or the server says to stay away.</summary>
    public void Start()
    {
        if (_running.IsCompleted && !_stop.IsCancellationRequested)
        {
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Everything that happens, for one reader. An event counts as handled when the next one is asked for.</summary>
    public async IAsyncEnumerable<ClientEvent> EventsAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        await foreach (var happened in _events.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            yield return happened;
            Handled(happened);
        }
    }

    /// <summary>
    /// Sends to a chat. Offline it waits; a lost answer is asked for again under the same <paramref name="cid"/>. Cancelling
    /// ends the waiting and not the sending. With <paramref name="attachments"/>, ids of uploads, the text may be empty.
    /// </summary>
    /// <exception cref="ChatAiException">The server refused it for good, or <c>outbox_full</c>.</exception>
    public Task<SentMessage> SendAsync(
        Guid chat,
        string text,
        long? replyTo = null,
        Guid? cid = null,
        IReadOnlyList<Guid>? attachments = null,
        CancellationToken stop = default
    ) =>
        PostAsync(
            new Outgoing(chat, null, cid ?? Guid.CreateVersion7(), text, replyTo) { Attachments = attachments ?? [] },
            stop
        );

    /// <summary>Sends to a person: the 1:1 chat is made where there is none.</summary>
    public Task<SentMessage> SendToAsync(
        Guid user,
        string text,
        Guid? cid = null,
        IReadOnlyList<Guid>? attachments = null,
        CancellationToken stop = default
    ) =>
        PostAsync(
            new Outgoing(null, user, cid ?? Guid.CreateVersion7(), text, null) { Attachments = attachments ?? [] },
            stop
        );

    /// <summary>Raises the own high-water marks; kept and sent again until the server has them.</summary>
    public void Acknowledge(Guid chat, long recv, long read = 0)
    {
        _acks.Raise(chat, recv, read);
        _ = _acks.FlushAsync(_stop.Token);
    }

    /// <summary>Any op of the protocol, once, on the present connection.</summary>
    /// <exception cref="ChatAiException">The server's <c>err</c>, <c>disconnected</c> or <c>no_answer</c>.</exception>
    public Task<JsonElement> RequestAsync(string op, JsonObject d, CancellationToken stop = default) =>
        Volatile.Read(ref _online) is { } socket
            ? socket.RequestAsync(op, d, stop)
            : Task.FromException<JsonElement>(ChatAiException.Disconnected());

    /// <summary>A page of messages as they stand now: newest first before a number, oldest first after one.</summary>
    public async Task<MessagePage> HistoryAsync(
        Guid chat,
        long? before = null,
        long? after = null,
        int limit = 50,
        CancellationToken stop = default
    )
    {
        var d = new JsonObject { ["chat"] = $"{chat}", ["limit"] = limit };
        if (before is not null)
        {
            d["before"] = before;
        }

        if (after is not null)
        {
            d["after"] = after;
        }

        return (await RequestAsync("history.get", d, stop).ConfigureAwait(false)).Deserialize(
            ClientJson.Default.MessagePage
        )!;
    }

    /// <summary>A page of the own chats, newest first; at most 100.</summary>
    public async Task<ChatListPage> ChatsAsync(string? before = null, int limit = 100, CancellationToken stop = default)
    {
        var d = new JsonObject { ["limit"] = limit };
        if (before is not null)
        {
            d["before"] = before;
        }

        return (await RequestAsync("chat.list", d, stop).ConfigureAwait(false)).Deserialize(
            ClientJson.Default.ChatListPage
        )!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _outbox.Fail(ChatAiException.Disconnected());
        _events.Writer.TryComplete();
    }

    private async Task<SentMessage> PostAsync(Outgoing message, CancellationToken stop)
    {
        _outbox.Add(message);
        if (Volatile.Read(ref _online) is not null)
        {
            _outbox.Flush(_stop.Token);
        }

        return await message.Done.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    private async Task<SentMessage> SendNowAsync(Outgoing message, CancellationToken stop)
    {
        var d = new JsonObject { ["cid"] = $"{message.Cid}", ["text"] = message.Text };
        d[message.Chat is null ? "to" : "chat"] = $"{message.Line}";
        if (message.ReplyTo is { } replyTo)
        {
            d["reply_to"] = replyTo;
        }

        if (message.Attachments.Count > 0)
        {
            d["attachments"] = new JsonArray([.. message.Attachments.Select(id => JsonValue.Create($"{id}"))]);
        }

        return (await RequestAsync("message.send", d, stop).ConfigureAwait(false)).Deserialize(
            ClientJson.Default.SentMessage
        )!;
    }

    private void Handled(ClientEvent happened)
    {
        lock (_gate)
        {
            var (chat, seq) = happened switch
            {
                ChatEvent durable => (durable.Chat, durable.Seq),
                ChatFollowed followed => (followed.Chat, followed.After),
                ChatStale stale => (stale.Chat, stale.Head),
                _ => (Guid.Empty, 0L),
            };
            if (chat != Guid.Empty)
            {
                _handled[chat] = seq;
            }
        }
    }
}
