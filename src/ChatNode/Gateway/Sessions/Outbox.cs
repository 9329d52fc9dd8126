using System.Diagnostics;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>How a socket ends.</summary>
/// <param name="Code">A close code of protocol v1, or 1000 for the client's own wish.</param>
public sealed record SocketClose(int Code, string Reason);

/// <summary>
/// Frames on their way to one socket, bounded in bytes. When it overflows, passing frames go first and receipts merge;
/// then the durable events of each chat become one <c>inbox</c>, since the journal has them; answers stay. It is
/// congested from then until all that waited has been sent. Thread-safe: the session adds, the socket's writer takes.
/// </summary>
public sealed class Outbox(TimeProvider time, int capacity = Outbox.Capacity)
{
    public const int Capacity = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly FrameQueue _queue = new();
    private Dictionary<ChatId, int?>? _unread;
    private TaskCompletionSource? _waiting;
    private SocketClose? _close;
    private long _backlog;
    private bool _held;
    private long? _congestedSince;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => _queue.Bytes;

    public int Count
    {
        get
        {
            lock (_gate)
                return _queue.Count;
        }
    }

    /// <summary>How long the client has not kept up; null while it does.</summary>
    public TimeSpan? CongestedFor
    {
        get
        {
            lock (_gate)
                return _congestedSince is { } since ? time.GetElapsedTime(since) : null;
        }
    }

    /// <summary>Called when a congested outbox has been emptied; from the writer's thread.</summary>
    public Action? Relieved { get; set; }

    /// <summary>Keeps everything back until <see cref="Release"/>: what comes first has to be found out.</summary>
    public void Hold()
    {
        lock (_gate)
            _held = true;
    }

    /// <summary>Puts these before everything that was held back; they do not count as congestion.</summary>
    public void Release(IReadOnlyList<OutFrame> first)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _held = false;
            _queue.PutFirst(first);
            foreach (var frame in first)
                _backlog += frame.Bytes.Length;
            waiting = WaiterIfReady();
        }
        waiting?.TrySetResult();
    }

    /// <summary>Adds a frame and returns the chats whose events have now become an <c>inbox</c>, or null.</summary>
    public IReadOnlyList<ChatId>? Add(in OutFrame frame)
    {
        IReadOnlyList<ChatId>? collapsed = null;
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_close is not null)
                return null;
            if (frame.Kind == OutFrameKind.Durable && _unread is not null && _unread.ContainsKey(frame.Chat))
                _queue.RaiseInbox(frame.Chat, frame.Seq);
            else if (Fits(frame))
                _queue.Enqueue(frame);
            else
                collapsed = Overflow(frame);
            waiting = WaiterIfReady();
        }
        waiting?.TrySetResult();
        return collapsed;
    }

    /// <summary>How many unread messages the chat's <c>inbox</c> tells of; it is not sent before that is known.</summary>
    public void SetUnread(ChatId chat, int unread)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_unread is null || !_unread.ContainsKey(chat))
                return;
            _unread[chat] = unread;
            waiting = WaiterIfReady();
        }
        waiting?.TrySetResult();
    }

    /// <summary>Nothing more is accepted; the socket closes when what waits has been sent.</summary>
    /// <param name="dropWaiting">Closes without sending it.</param>
    public void Close(SocketClose close, bool dropWaiting = false)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_close is not null)
                return;
            _close = close;
            _held = false;
            if (dropWaiting)
                _queue.Clear();
            waiting = WaiterIfReady();
        }
        waiting?.TrySetResult();
    }

    /// <summary>The next frame to send. False: nothing to send now.</summary>
    public bool TryTake(out byte[] frame)
    {
        var relieved = false;
        Activity? span;
        lock (_gate)
        {
            if (!IsReady || !_queue.TryDequeue(out var taken))
            {
                frame = [];
                return false;
            }
            span = taken.Span;
            _backlog = Math.Max(0, _backlog - taken.Bytes.Length);
            frame = taken.Kind == OutFrameKind.Inbox ? WriteInbox(taken) : taken.Bytes;
            if (_queue.Count == 0 && _congestedSince is not null)
            {
                _congestedSince = null;
                relieved = true;
            }
        }
        span.End();
        if (relieved)
            Relieved?.Invoke();
        return true;
    }

    /// <summary>Ends when there is something to take or the outbox has been closed.</summary>
    /// <returns>Null, or how to close the socket: everything has been taken.</returns>
    public async ValueTask<SocketClose?> WaitAsync()
    {
        while (true)
        {
            Task waiting;
            lock (_gate)
            {
                if (IsReady)
                    return null;
                if (_close is not null)
                    return _close;
                // Continues on the thread that adds: what is ready is sent without a hop.
                waiting = (_waiting ??= new TaskCompletionSource()).Task;
            }
            await waiting;
        }
    }

    private bool IsReady =>
        !_held
        && _queue.First is { } first
        && (
            first.Kind != OutFrameKind.Inbox || _close is not null || _unread?.GetValueOrDefault(first.Chat) is not null
        );

    private TaskCompletionSource? WaiterIfReady()
    {
        if (_waiting is null || !(IsReady || _close is not null))
            return null;
        var waiting = _waiting;
        _waiting = null;
        return waiting;
    }

    private bool Fits(in OutFrame frame) => _queue.Bytes - _backlog + frame.Bytes.Length <= capacity;

    private IReadOnlyList<ChatId>? Overflow(in OutFrame frame)
    {
        _congestedSince ??= time.GetTimestamp();
        if (frame.Kind == OutFrameKind.Passing)
            return null;
        _queue.DropPassing();
        if (!Fits(frame))
            _backlog = 0;
        IReadOnlyList<ChatId>? collapsed = null;
        if (!Fits(frame))
        {
            collapsed = _queue.Collapse();
            _unread ??= [];
            foreach (var chat in collapsed)
                _unread.TryAdd(chat, null);
        }
        if (frame.Kind == OutFrameKind.Durable && _unread is not null && _unread.ContainsKey(frame.Chat))
            _queue.RaiseInbox(frame.Chat, frame.Seq);
        else if (frame.Kind == OutFrameKind.Durable && !Fits(frame))
        {
            _queue.Enqueue(new OutFrame(OutFrameKind.Inbox, [], frame.Chat, frame.Seq));
            (_unread ??= []).TryAdd(frame.Chat, null);
            collapsed = [.. collapsed ?? [], frame.Chat];
        }
        else if (frame.Kind != OutFrameKind.Receipt || Fits(frame))
            _queue.Enqueue(frame);
        return collapsed;
    }

    /// <summary>The session's own inbox: after its user moved to another node, what may have been missed.</summary>
    public void AddInbox(ChatId chat, long head, int unread)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_close is not null)
                return;
            if (!(_unread ??= []).TryAdd(chat, unread))
                _queue.RaiseInbox(chat, head);
            else
                _queue.Enqueue(new OutFrame(OutFrameKind.Inbox, [], chat, head));
            waiting = WaiterIfReady();
        }
        waiting?.TrySetResult();
    }

    private byte[] WriteInbox(in OutFrame inbox)
    {
        int? unread = null;
        _unread?.Remove(inbox.Chat, out unread);
        return ServerFrames.Inbox(inbox.Chat, inbox.Seq, unread ?? 0);
    }
}
