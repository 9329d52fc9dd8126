namespace ChatAi.Testing;

/// <summary>Events in the order shown, and those who wait for one.</summary>
internal sealed class EventLog
{
    private readonly Lock _gate = new();
    private readonly List<ChatEvent> _events = [];
    private readonly List<string> _strays = [];
    private readonly List<Waiter> _waiters = [];
    private Exception? _ended;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _events.Count;
            }
        }
    }

    public IReadOnlyList<ChatEvent> Snapshot()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }

    public IReadOnlyList<string> Strays()
    {
        lock (_gate)
        {
            return [.. _strays];
        }
    }

    public void AddStray(string frame)
    {
        lock (_gate)
        {
            _strays.Add(frame);
        }
    }

    public void Add(IReadOnlyList<ChatEvent> shown)
    {
        lock (_gate)
        {
            foreach (var one in shown)
            {
                _events.Add(one);
                _waiters.RemoveAll(waiter => waiter.Fits(one) && waiter.Found.TrySetResult(one));
            }
        }
    }

    public void Close(Exception why)
    {
        lock (_gate)
        {
            _ended = why;
            _waiters.ForEach(waiter => waiter.Found.TrySetException(why));
            _waiters.Clear();
        }
    }

    public async Task<ChatEvent> WaitForAsync(Func<ChatEvent, bool> fits, TimeSpan within, int after)
    {
        var waiter = new Waiter(fits, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_events.Skip(after).FirstOrDefault(fits) is { } seen)
            {
                return seen;
            }

            if (_ended is not null)
            {
                throw _ended;
            }

            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Found.Task.WaitAsync(within);
        }
        catch (TimeoutException late)
        {
            var last = Snapshot().TakeLast(10).Select(seen => $"{seen.Ev} {seen.Chat} {seen.Seq} {seen.D}");
            throw new TimeoutException($"Not seen within {within}. The last events:\n{string.Join('\n', last)}", late);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    private sealed record Waiter(Func<ChatEvent, bool> Fits, TaskCompletionSource<ChatEvent> Found);
}
