namespace ChatAi.Client.Sending;

/// <summary>A message that waits for its answer under one <c>cid</c>.</summary>
internal sealed record Outgoing(Guid? Chat, Guid? To, Guid Cid, string Text, long? ReplyTo)
{
    public IReadOnlyList<Guid> Attachments { get; init; } = [];

    public TaskCompletionSource<SentMessage> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Messages of one line go one after the other, so that they arrive in the order they were written.</summary>
    public Guid Line => Chat ?? To!.Value;
}

/// <summary>
/// Keeps what was sent until the server has answered it. A try that got no answer is made again under the same
/// <c>cid</c>: the server answers the first one, so the message is there once.
/// </summary>
internal sealed class Outbox(ChatAiClientOptions options, Func<Outgoing, CancellationToken, Task<SentMessage>> send)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Queue<Outgoing>> _lines = [];
    private readonly HashSet<Guid> _busy = [];
    private int _count;
    private int _flushes;

    public void Add(Outgoing message)
    {
        lock (_gate)
        {
            if (_count >= options.OutboxSize)
            {
                throw new ChatAiException("outbox_full", $"{_count} messages wait for their answer.", retry: true);
            }

            _count++;
            if (!_lines.TryGetValue(message.Line, out var line))
            {
                _lines[message.Line] = line = new Queue<Outgoing>();
            }

            line.Enqueue(message);
        }
    }

    /// <summary>Sends every line that no one is sending; ends at the first that must wait for a connection.</summary>
    public void Flush(CancellationToken stop)
    {
        lock (_gate)
        {
            _flushes++;
            foreach (var line in _lines.Keys.Where(_busy.Add).ToList())
            {
                _ = Task.Run(() => PumpAsync(line, stop), CancellationToken.None);
            }
        }
    }

    public void Fail(Exception why)
    {
        lock (_gate)
        {
            foreach (var message in _lines.Values.SelectMany(line => line))
            {
                message.Done.TrySetException(why);
            }

            _lines.Clear();
            _count = 0;
        }
    }

    private async Task PumpAsync(Guid line, CancellationToken stop)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _flushes);
            try
            {
                while (Next(line) is { } message && await DeliverAsync(message, stop).ConfigureAwait(false))
                {
                    Settle(line, message);
                }
            }
            catch (OperationCanceledException)
            {
                // The client ends.
            }
        } while (!IsDone(line, seen, stop));
    }

    /// <summary>Leaves the line, unless a flush found it busy meanwhile: that one counts on us.</summary>
    private bool IsDone(Guid line, int seen, CancellationToken stop)
    {
        lock (_gate)
        {
            var isDone = stop.IsCancellationRequested || seen == _flushes || !_lines.ContainsKey(line);
            if (isDone)
            {
                _busy.Remove(line);
            }

            return isDone;
        }
    }

    /// <summary>False when it must wait for the next connection.</summary>
    private async Task<bool> DeliverAsync(Outgoing message, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                message.Done.TrySetResult(await send(message, stop).ConfigureAwait(false));
                return true;
            }
            catch (ChatAiException offline) when (offline.Code == "disconnected")
            {
                return false;
            }
            catch (ChatAiException later) when (later.Retry)
            {
                var pause = later.After ?? TimeSpan.FromMilliseconds(500 + Random.Shared.Next(500));
                await Task.Delay(pause, options.Time, stop).ConfigureAwait(false);
            }
            catch (ChatAiException refused)
            {
                message.Done.TrySetException(refused);
                return true;
            }
        }
    }

    private Outgoing? Next(Guid line)
    {
        lock (_gate)
        {
            if (_lines.TryGetValue(line, out var queue) && queue.TryPeek(out var next))
            {
                return next;
            }

            _lines.Remove(line);
            return null;
        }
    }

    private void Settle(Guid line, Outgoing message)
    {
        lock (_gate)
        {
            if (_lines.TryGetValue(line, out var queue) && queue.TryPeek(out var first) && first == message)
            {
                queue.Dequeue();
                _count--;
            }
        }
    }
}
