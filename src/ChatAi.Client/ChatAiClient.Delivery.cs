using System.Text.Json;
using System.Text.Json.Nodes;
using ChatAi.Client.Connection;

namespace ChatAi.Client;

/// <summary>Handing out every durable event once and in order; gaps are read by <c>sync.get</c>.</summary>
public sealed partial class ChatAiClient
{
    private const int MostPages = 10;

    private async Task WelcomeAsync(Socket socket, HelloAnswer hello, CancellationToken stop)
    {
        await DeliverAsync(async () =>
            {
                if ((_epoch is not null && _epoch != hello.Epoch) || hello.Resume is { Ok: false })
                {
                    _timeline.Clear();
                    _hasList = false;
                    lock (_gate)
                    {
                        _handled.Clear();
                    }

                    await WriteAsync(new HistoryReset(hello.Epoch)).ConfigureAwait(false);
                }

                _epoch = hello.Epoch;
                foreach (var (chat, resumed) in hello.Resume?.Chats ?? new Dictionary<Guid, ResumedChat>())
                {
                    // What is not limited follows by itself; whatever of it gets lost, the list or a gap tells.
                    if (resumed.Limited)
                    {
                        _timeline.Learn(chat, resumed.Head);
                    }
                }
            })
            .ConfigureAwait(false);
        Volatile.Write(ref _online, socket);
        await EnterAsync(ConnectionState.Online).ConfigureAwait(false);
        _outbox.Flush(_stop.Token);
        await ReadListAsync(socket, stop).ConfigureAwait(false);
        await _acks.FlushAsync(stop).ConfigureAwait(false);
    }

    /// <summary>
    /// The first list says from where to follow each chat; later ones find chats that are new, or that did not fit into
    /// the resume.
    /// </summary>
    private async Task ReadListAsync(Socket socket, CancellationToken stop)
    {
        string? before = null;
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await ChatsAsync(before, stop: stop).ConfigureAwait(false);
            await DeliverAsync(async () =>
                {
                    foreach (var chat in page.Chats)
                    {
                        await FollowAsync(chat.Id, _hasList ? 0 : chat.Head).ConfigureAwait(false);
                        _timeline.Learn(chat.Id, chat.Head);
                    }
                })
                .ConfigureAwait(false);
            before = page.Next;
            if (before is null)
            {
                break;
            }
        }

        _hasList = true;
        await DeliverAsync(() =>
            {
                _timeline.Behind.ToList().ForEach(chat => Sync(socket, chat, stop));
                return Task.CompletedTask;
            })
            .ConfigureAwait(false);
    }

    private async ValueTask TakeAsync(Socket socket, JsonElement frame, CancellationToken stop)
    {
        if (frame.TryGetProperty("seq", out _) && frame.TryGetProperty("chat", out _))
        {
            await DeliverAsync(() => OfferAsync(socket, ChatEvent.Parse(frame), stop)).ConfigureAwait(false);
            return;
        }

        var signal = new ChatSignal(
            frame.GetProperty("ev").GetString()!,
            frame.TryGetProperty("chat", out var chat) ? chat.GetGuid() : null,
            frame.TryGetProperty("d", out var d) ? d : default
        );
        if (signal.Ev == "drain")
        {
            LeaveWithin(socket, signal.D, stop);
        }
        else if (signal is { Ev: "inbox", Chat: { } full } && signal.D.TryGetProperty("head", out var head))
        {
            // Stands for events that did not fit into the socket's queue: read them.
            await DeliverAsync(async () =>
                {
                    await FollowAsync(full, _hasList ? 0 : head.GetInt64()).ConfigureAwait(false);
                    _timeline.Learn(full, head.GetInt64());
                    Sync(socket, full, stop);
                })
                .ConfigureAwait(false);
        }

        await WriteAsync(signal).ConfigureAwait(false);
    }

    private async Task OfferAsync(Socket socket, ChatEvent live, CancellationToken stop)
    {
        await FollowAsync(live.Chat, _hasList ? 0 : live.Seq - 1).ConfigureAwait(false);
        if (_timeline.Offer(live))
        {
            await WriteAsync(live).ConfigureAwait(false);
        }

        Sync(socket, live.Chat, stop);
    }

    private async Task FollowAsync(Guid chat, long after)
    {
        if (_timeline.Follow(chat, after))
        {
            await WriteAsync(new ChatFollowed(chat, after)).ConfigureAwait(false);
        }
    }

    /// <summary>Starts reading what is missing of a chat, unless nothing is, or someone reads it already.</summary>
    private void Sync(Socket socket, Guid chat, CancellationToken stop)
    {
        if (_timeline.IsBehind(chat) && _syncing.Add(chat))
        {
            _ = Task.Run(() => ReadMissingAsync(socket, chat, stop), CancellationToken.None);
        }
    }

    private async Task ReadMissingAsync(Socket socket, Guid chat, CancellationToken stop)
    {
        try
        {
            var isBehind = true;
            while (isBehind)
            {
                try
                {
                    var d = new JsonObject
                    {
                        ["chat"] = $"{chat}",
                        ["after"] = _timeline.At(chat) ?? 0,
                        ["limit"] = 200,
                    };
                    var answer = await socket.RequestAsync("sync.get", d, stop).ConfigureAwait(false);
                    var page = answer.Deserialize(ClientJson.Default.EventPage)!;
                    await DeliverAsync(async () => isBehind = await AcceptAsync(chat, page).ConfigureAwait(false))
                        .ConfigureAwait(false);
                }
                catch (ChatAiException later) when (later.Retry && later.Code != "disconnected")
                {
                    await Task.Delay(later.After ?? _options.FirstPause, _options.Time, stop).ConfigureAwait(false);
                }
            }
        }
        catch (ChatAiException gone) when (gone.Code is "not_found" or "forbidden")
        {
            await DeliverAsync(() =>
                {
                    _timeline.Forget(chat);
                    _syncing.Remove(chat);
                    return Task.CompletedTask;
                })
                .ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is ChatAiException or OperationCanceledException)
        {
            // The next connection finds it behind and begins again; one that is there already would not look again.
            await DeliverAsync(() =>
                {
                    _syncing.Remove(chat);
                    if (Volatile.Read(ref _online) is { } next && next != socket)
                    {
                        Sync(next, chat, _stop.Token);
                    }

                    return Task.CompletedTask;
                })
                .ConfigureAwait(false);
        }
    }

    /// <summary>True while more is missing; else the reader of this chat has left.</summary>
    private async Task<bool> AcceptAsync(Guid chat, EventPage page)
    {
        if (page.Head - (_timeline.At(chat) ?? 0) > _options.MaxCatchUp)
        {
            _timeline.Close(chat, page.Head);
            await WriteAsync(new ChatStale(chat, page.Head)).ConfigureAwait(false);
        }

        foreach (var missed in page.Events.Select(ChatEvent.Parse))
        {
            if (_timeline.Accept(missed))
            {
                await WriteAsync(missed).ConfigureAwait(false);
            }
        }

        if (!page.HasMore || page.Events.Count == 0)
        {
            _timeline.Close(chat, page.Head);
        }

        return _timeline.IsBehind(chat) || !_syncing.Remove(chat);
    }

    /// <summary>Leaves a draining node at a moment of its own choosing, so that not everyone comes back at once.</summary>
    private void LeaveWithin(Socket socket, JsonElement d, CancellationToken stop)
    {
        var within = d.TryGetProperty("within_ms", out var ms) ? ms.GetInt32() : 5000;
        _ = Task.Run(LeaveAsync, CancellationToken.None);

        async Task LeaveAsync()
        {
            try
            {
                var pause = TimeSpan.FromMilliseconds(within * 0.8 * Random.Shared.NextDouble());
                await Task.Delay(pause, _options.Time, stop).ConfigureAwait(false);
                socket.Abort();
            }
            catch (OperationCanceledException)
            {
                // It ended before.
            }
        }
    }

    /// <summary>One at a time: the place of a chat moves together with what is handed out.</summary>
    private async Task DeliverAsync(Func<Task> deliver)
    {
        try
        {
            await _delivering.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            await deliver().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The client ends; nobody reads any more.
        }
        finally
        {
            _delivering.Release();
        }
    }

    // Only the end of the client cancels this: an event whose place has moved must not get lost with its socket.
    private ValueTask WriteAsync(ClientEvent happened) => _events.Writer.WriteAsync(happened, _stop.Token);
}
