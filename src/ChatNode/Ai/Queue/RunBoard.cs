using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Ai.Queue;

/// <summary>What the queue's actor is to send.</summary>
public abstract record BoardEffect<TWorker>
{
    public sealed record Assign(TWorker Worker, QueuedRun Run, long Request) : BoardEffect<TWorker>;

    public sealed record Stop(TWorker Worker, RunId Run) : BoardEffect<TWorker>;

    public sealed record Refuse(QueuedRun Run, int QueueLength) : BoardEffect<TWorker>;
}

/// <summary>
/// Which run waits and which worker has which. Every run is in one place: waiting, or leased to one worker. A lease
/// that is not renewed and a worker that is lost put their run back. Knows no actors and no clock.
/// </summary>
public sealed class RunBoard<TWorker>(int capacity, TimeSpan lease)
    where TWorker : notnull
{
    private const int CancelledKept = 1_024;

    private sealed record Lease(TWorker Worker, QueuedRun Run, long Request, DateTimeOffset Until)
    {
        /// <summary>Offered while a worker had it: its chat wants another try after this one.</summary>
        public QueuedRun? Again { get; init; }
    }

    private readonly FairQueue _queue = new(capacity);
    private readonly Dictionary<RunId, Lease> _leases = [];
    private readonly Dictionary<TWorker, RunId> _busy = [];
    private readonly List<(TWorker Worker, long Request)> _idle = [];
    private readonly HashSet<RunId> _cancelled = [];
    private readonly Queue<RunId> _cancelledOrder = [];

    public FairQueue Queue => _queue;
    public int Running => _leases.Count;
    public int Idle => _idle.Count;
    public IEnumerable<TWorker> BusyWorkers => _busy.Keys;
    public IEnumerable<TWorker> IdleWorkers => _idle.Select(i => i.Worker);

    /// <summary>All that wait or are worked at.</summary>
    public IReadOnlyList<QueuedRun> All => [.. _queue.All, .. _leases.Values.Select(l => l.Run)];

    public ChatId? ChatOf(RunId run) =>
        _queue.Find(run)?.Chat ?? (_leases.TryGetValue(run, out var found) ? found.Run.Chat : null);

    public IReadOnlyList<BoardEffect<TWorker>> Offer(QueuedRun run, DateTimeOffset now)
    {
        if (_cancelled.Contains(run.Id))
            return [];
        if (_leases.TryGetValue(run.Id, out var running))
        {
            _leases[run.Id] = running with { Again = run };
            return [];
        }
        if (_queue.Offer(run) != OfferOutcome.Full)
            return Match(now);
        // A rolling summary that finds no room is offered again by the sweeper: nobody needs to hear of it.
        return FairQueue.ClassOf(run.Run.Kind) == RunClass.Rolling
            ? []
            : [new BoardEffect<TWorker>.Refuse(run, _queue.Count)];
    }

    public IReadOnlyList<BoardEffect<TWorker>> Ready(TWorker worker, long request, DateTimeOffset now)
    {
        // A repeat that crossed its assignment, or an assignment that got lost: the same again settles both.
        if (LeaseOf(worker) is { } has && has.Request == request)
            return [new BoardEffect<TWorker>.Assign(worker, has.Run, request)];
        PutBackRunOf(worker);
        var known = _idle.FindIndex(i => i.Worker.Equals(worker));
        if (known >= 0)
            _idle[known] = (worker, request);
        else
            _idle.Add((worker, request));
        return Match(now);
    }

    public IReadOnlyList<BoardEffect<TWorker>> Heartbeat(TWorker worker, QueuedRun run, DateTimeOffset now)
    {
        if (_cancelled.Contains(run.Id))
            return [new BoardEffect<TWorker>.Stop(worker, run.Id)];
        if (_leases.TryGetValue(run.Id, out var found))
        {
            if (!found.Worker.Equals(worker))
                return [new BoardEffect<TWorker>.Stop(worker, run.Id)];
            _leases[run.Id] = found with { Until = now + lease };
            return [];
        }
        // This queue is younger than the worker's assignment, or gave the worker up too early.
        PutBackRunOf(worker);
        _idle.RemoveAll(i => i.Worker.Equals(worker));
        _queue.Remove(run.Id);
        Lend(worker, run, long.MinValue, now);
        return Match(now);
    }

    public IReadOnlyList<BoardEffect<TWorker>> Ended(TWorker worker, RunId run, DateTimeOffset now)
    {
        if (!_leases.TryGetValue(run, out var found) || !found.Worker.Equals(worker))
            return [];
        Return(found);
        return found.Again is { } again && !_cancelled.Contains(run) ? Offer(again, now) : [];
    }

    public IReadOnlyList<BoardEffect<TWorker>> Cancel(RunId run)
    {
        if (_cancelled.Add(run))
            _cancelledOrder.Enqueue(run);
        if (_cancelledOrder.Count > CancelledKept)
            _cancelled.Remove(_cancelledOrder.Dequeue());
        _queue.Remove(run);
        return _leases.TryGetValue(run, out var found) ? [new BoardEffect<TWorker>.Stop(found.Worker, run)] : [];
    }

    public IReadOnlyList<BoardEffect<TWorker>> Lost(TWorker worker, DateTimeOffset now)
    {
        _idle.RemoveAll(i => i.Worker.Equals(worker));
        PutBackRunOf(worker);
        return Match(now);
    }

    /// <summary>Takes back what silent workers have.</summary>
    public IReadOnlyList<BoardEffect<TWorker>> Expire(DateTimeOffset now)
    {
        var late = _leases.Values.Where(l => l.Until <= now).ToList();
        foreach (var expired in late)
            PutBackRunOf(expired.Worker);
        return [.. late.Select(l => new BoardEffect<TWorker>.Stop(l.Worker, l.Run.Id)), .. Match(now)];
    }

    private List<BoardEffect<TWorker>> Match(DateTimeOffset now)
    {
        var effects = new List<BoardEffect<TWorker>>();
        while (_idle.Count > 0 && _queue.Take() is { } run)
        {
            var (worker, request) = _idle[0];
            _idle.RemoveAt(0);
            Lend(worker, run, request, now);
            effects.Add(new BoardEffect<TWorker>.Assign(worker, run, request));
        }
        return effects;
    }

    private Lease? LeaseOf(TWorker worker) => _busy.TryGetValue(worker, out var run) ? _leases[run] : null;

    private void Lend(TWorker worker, QueuedRun run, long request, DateTimeOffset now)
    {
        _leases[run.Id] = new Lease(worker, run, request, now + lease);
        _busy[worker] = run.Id;
    }

    private void Return(Lease ended)
    {
        _leases.Remove(ended.Run.Id);
        _busy.Remove(ended.Worker);
    }

    private void PutBackRunOf(TWorker worker)
    {
        if (LeaseOf(worker) is not { } lost)
            return;
        Return(lost);
        if (!_cancelled.Contains(lost.Run.Id))
            _queue.PutBack(lost.Run);
    }
}
