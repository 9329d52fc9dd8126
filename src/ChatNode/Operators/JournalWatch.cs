using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using LinqToDB;
using LinqToDB.Async;

namespace ChatAi.ChatNode.Operators;

/// <param name="Name">Of the projection.</param>
public sealed record ProjectionPosition(string Name, long Position);

/// <param name="Head">The newest event's place in the journal.</param>
/// <param name="Projections">Every stored offset.</param>
/// <param name="Lag">How long the journal has been beyond what the read tables include.</param>
/// <param name="Failed">The database did not answer; the rest is what was seen before.</param>
public sealed record JournalPositions(
    long Head,
    IReadOnlyList<ProjectionPosition> Projections,
    TimeSpan Lag,
    bool Failed
)
{
    public static readonly JournalPositions None = new(0, [], TimeSpan.Zero, true);

    /// <summary>What all projections include.</summary>
    public long Position => Projections.Count == 0 ? 0 : Projections.Min(p => p.Position);
}

/// <summary>
/// Looks every few seconds how far the read tables are behind the journal, on every node: a projection that has stopped
/// says nothing about itself.
/// </summary>
public sealed class JournalWatch(
    ReadStore store,
    JournalReader journal,
    LatestLook look,
    TimeProvider time,
    ILogger<JournalWatch> log
) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LagClock _clock = new();

    /// <exception cref="Exception">Whatever the database says.</exception>
    public async Task<JournalPositions> ReadAsync(CancellationToken cancel)
    {
        // The offsets first: what is written meanwhile must not seem to be behind nothing.
        var offsets = await store.RunAsync((db, token) => db.Offsets.ToListAsync(token), cancel);
        var head = await journal.HighestOrderingAsync(cancel);
        var projections = offsets.Select(o => new ProjectionPosition(o.Name, o.Position)).ToList();
        var found = new JournalPositions(head, projections, TimeSpan.Zero, false);
        return found with { Lag = _clock.Look(head, found.Position, time.GetUtcNow()) };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                using var late = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                late.CancelAfter(Patience);
                look.Journal = await ReadAsync(late.Token);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                var before = look.Journal ?? JournalPositions.None;
                if (!before.Failed)
                    log.LogWarning(e, "The journal's position cannot be read");
                look.Journal = before with { Failed = true };
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

/// <summary>Since when the journal has been beyond a position, from looks now and then. Not thread-safe but for its own lock.</summary>
public sealed class LagClock
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Head, DateTimeOffset At)> _heads = [];

    /// <returns>The age of the oldest look that saw more than <paramref name="position"/>; 0 where there is none.</returns>
    public TimeSpan Look(long head, long position, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_heads.Count == 0 || head > _heads.Last().Head)
                _heads.Enqueue((head, now));
            while (_heads.TryPeek(out var oldest) && oldest.Head <= position)
                _heads.Dequeue();
            return _heads.TryPeek(out var waiting) ? now - waiting.At : TimeSpan.Zero;
        }
    }
}
