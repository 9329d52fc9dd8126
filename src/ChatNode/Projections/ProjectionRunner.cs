using Akka.Actor;
using Akka.Event;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Runs the projection: one in the cluster. Follows the journal from the stored offset, in batches of what is there;
/// whatever fails, it starts again from there, with growing pauses.
/// </summary>
public sealed class ProjectionRunner : ReceiveActor, IWithTimers
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly JournalReader _journal;
    private readonly ProjectionWriter _writer;
    private readonly ProjectionProgress _progress;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopped = new();
    private Task _running = Task.CompletedTask;
    private TimeSpan _pause = FirstPause;

    public ProjectionRunner(ReadStore store, JournalReader journal, ProjectionProgress progress, TimeProvider time)
    {
        _journal = journal;
        _writer = new ProjectionWriter(store, journal.OfEntityAsync);
        _progress = progress;
        _time = time;
        Receive<Start>(_ => Run());
        Receive<BatchDone>(_ => _pause = FirstPause);
        Receive<Ended>(TryAgain);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ReadStore store, JournalReader journal, ProjectionProgress progress, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ProjectionRunner(store, journal, progress, time));

    protected override void PreStart() => Self.Tell(Start.Instance);

    protected override void PostStop()
    {
        _stopped.Cancel();
        _ = ReleaseAsync(_running, _writer, _stopped);
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
        var position = await _writer.PositionAsync(stop);
        _progress.Applied(position, TimeSpan.Zero, []);
        var gaps = new GapGuard(_journal.LongestCommit, _time);
        await using var cursor = await OpenAsync(stop);
        _log.Info("The projection follows the journal from {0}", position);
        while (true)
        {
            var page = await cursor.ReadAsync(position, stop);
            var admitted = gaps.Admit(position, page);
            if (admitted > 0)
            {
                IReadOnlyList<JournalEntry> batch = admitted == page.Count ? page : [.. page.Take(admitted)];
                await ApplyAsync(batch, stop);
                position = batch[^1].Ordering;
                self.Tell(BatchDone.Instance);
            }
            if (admitted < BatchSize)
                await Task.Delay(LookEvery, _time, stop);
        }
    }

    private async Task<JournalCursor> OpenAsync(CancellationToken stop)
    {
        while (true)
        {
            if (await _journal.OpenAsync(BatchSize, stop) is { } cursor)
                return cursor;
            await Task.Delay(LookEvery, _time, stop);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<JournalEntry> batch, CancellationToken stop)
    {
        var advances = await _writer.ApplyAsync(batch, stop);
        var lag = TimeOf(batch[0].Event) is { } at ? _time.GetUtcNow() - at : TimeSpan.Zero;
        _progress.Applied(batch[^1].Ordering, lag, advances);
    }

    private void TryAgain(Ended ended)
    {
        if (_stopped.IsCancellationRequested)
            return;
        _log.Error(ended.Cause, "The projection stopped and starts again in {0}", _pause);
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
