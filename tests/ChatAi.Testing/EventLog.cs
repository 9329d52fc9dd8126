namespace ChatAi.Testing;

/// <summary>Things in the order they came, and those who wait for one.</summary>
internal sealed class EventLog<T>(Func<T, string> describe)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly List<T> _events = [];
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

    public IReadOnlyList<T> Snapshot()
    {
        lock (_gate)
        {
            return [.. _events];
        }
    }

    public void Add(IReadOnlyList<T> shown)
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

    public async Task<T> WaitForAsync(Func<T, bool> fits, TimeSpan within, int after)
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
            var last = string.Join('\n', Snapshot().TakeLast(10).Select(describe));
            throw new TimeoutException($"Not seen within {within}. The last that came:\n{last}", late);
        }
        finally
        {
            lock (_gate)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    private sealed record Waiter(Func<T, bool> Fits, TaskCompletionSource<T> Found);
}
