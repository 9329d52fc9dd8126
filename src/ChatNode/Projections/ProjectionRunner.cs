using System.Data.Common;
using Akka.Actor;
using Akka.Event;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Projects one slice of the journal: one such daemon a slice in the cluster. Follows the journal from the stored
/// offset, in batches of what is there; whatever fails, it starts again from there, with growing pauses.
/// </summary>
public sealed class ProjectionRunner : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How often a slice without news of its own writes down that it has seen the others'.</summary>
    private static readonly TimeSpan StoreEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Between two batches of a slice that keeps up: the more slices, the fewer events each finds in a moment, and a
    /// transaction of two costs nearly as much as one of ten.
    /// </summary>
    private readonly TimeSpan _pace;

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly JournalTail _tail;
    private readonly ProjectionWriter _writer;
    private readonly Slice _slice;
    private readonly ProjectionProgress _progress;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopped = new();
    private Task _running = Task.CompletedTask;
    private TimeSpan _pause = FirstPause;

    public ProjectionRunner(ProjectionDependencies with, Slice slice)
    {
        _tail = with.Tail;
        _writer = new ProjectionWriter(with.Store, with.Journal.OfEntityAsync, slice, with.Push);
        _slice = slice;
        _pace = TimeSpan.FromMilliseconds(Math.Min(100, 25 * (slice.Count - 1)));
        _progress = with.Progress;
        _time = with.Time;
        Receive<Start>(_ => Run());
        Receive<BatchDone>(_ => _pause = FirstPause);
        Receive<Ended>(TryAgain);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ProjectionDependencies with, Slice slice) =>
        Akka.Actor.Props.Create(() => new ProjectionRunner(with, slice));

    protected override void PreStart() => Self.Tell(Start.Instance);

    protected override void PostStop()
    {
        _stopped.Cancel();
        _ = ReleaseAsync(_running, _writer, _stopped);
        _progress.Left(_slice);
    }

    private void Run()
    {
        var self = Self;
        var stop = _stopped.Token;
        _running = Task.Run(() => FollowAsync(self, stop), CancellationToken.None);
        _ = _running.PipeTo(self, failure: e => new Ended(e));
    }

    private async Task FollowAsync(IActorRef self, CancellationToken stop)
    {
        var stored = await _writer.PositionAsync(stop);
        var position = stored;
        var storedAt = _time.GetTimestamp();
        _progress.Applied(_slice, new SliceProgress(stored, TimeSpan.Zero), []);
        _log.Info("Slice {0} of {1} follows the journal from {2}", _slice.Index, _slice.Count, stored);
        while (true)
        {
            var page = await _tail.ReadAsync(position, stop);
            position = page.UpTo;
            List<JournalEntry> batch = [.. page.Events.Where(e => _slice.Has(e.PersistenceId)).Select(e => e.Decode())];
            if (batch.Count == 0 && (position == stored || _time.GetElapsedTime(storedAt) < StoreEvery))
                continue;
            await ApplyAsync(batch, new OffsetMove(stored, position), stop);
            stored = position;
            storedAt = _time.GetTimestamp();
            self.Tell(BatchDone.Instance);
            if (page.Events.Count < JournalTail.PageSize)
                await Task.Delay(_pace, _time, stop);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<JournalEntry> batch, OffsetMove move, CancellationToken stop)
    {
        var advances = await _writer.ApplyAsync(batch, move, stop);
        var oldest = batch.Count > 0 ? TimeOf(batch[0].Event) : null;
        var lag = oldest is { } at ? _time.GetUtcNow() - at : TimeSpan.Zero;
        _progress.Applied(_slice, new SliceProgress(move.To, lag), advances);
    }

    private void TryAgain(Ended ended)
    {
        if (_stopped.IsCancellationRequested)
            return;
        if (ended.Cause is SliceTakenException taken)
            _log.Warning("{0} This one looks again in {1}", taken.Message, _pause);
        else if (ended.Cause is DbException { IsTransient: true } gone)
            _log.Warning(
                "Slice {0}: the database does not answer ({1}); again in {2}",
                _slice.Index,
                gone.Message,
                _pause
            );
        else
            _log.Error(
                ended.Cause,
                "Slice {0} of the projection stopped and starts again in {1}",
                _slice.Index,
                _pause
            );
        Timers.StartSingleTimer(nameof(Start), Start.Instance, _pause);
        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
    }

    // A batch under way keeps its connection until it has ended.
    private static async Task ReleaseAsync(Task running, ProjectionWriter writer, CancellationTokenSource stopped)
    {
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        await writer.DisposeAsync();
        stopped.Dispose();
    }

    private static DateTimeOffset? TimeOf(object e) =>
        e switch
        {
            IChatEvent chat => chat.At,
            IUserEvent user => user.At,
            _ => null,
        };

    private sealed record Start
    {
        public static readonly Start Instance = new();
    }

    private sealed record BatchDone
    {
        public static readonly BatchDone Instance = new();
    }

    private sealed record Ended(Exception Cause);
}

/// <summary>What every slice of a node shares.</summary>
public sealed record ProjectionDependencies(
    ReadStore Store,
    JournalReader Journal,
    JournalTail Tail,
    ProjectionProgress Progress,
    TimeProvider Time,
    PushRules? Push = null
);
