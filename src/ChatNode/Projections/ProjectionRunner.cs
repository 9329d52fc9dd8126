using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Runs the projection: one in the cluster. Follows the journal from the stored offset, in batches; whatever fails, it
/// starts again from there, with growing pauses.
/// </summary>
public sealed class ProjectionRunner : ReceiveActor, IWithTimers
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ProjectionWriter _writer;
    private readonly ProjectionProgress _progress;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopped = new();
    private Task _running = Task.CompletedTask;
    private UniqueKillSwitch? _kill;
    private TimeSpan _pause = FirstPause;

    public ProjectionRunner(ReadStore store, JournalReader journal, ProjectionProgress progress, TimeProvider time)
    {
        _writer = new ProjectionWriter(store, journal.OfEntityAsync);
        _progress = progress;
        _time = time;
        Receive<Start>(_ => Prepare());
        Receive<Prepared>(Run);
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
        _kill?.Shutdown();
        _ = ReleaseAsync(_running, _writer, _stopped);
    }

    private void Prepare() => _ = PrepareAsync(Context.System).PipeTo(Self, failure: e => new Ended(e));

    private async Task<Prepared> PrepareAsync(ActorSystem system)
    {
        var position = await Task.Run(() => _writer.PositionAsync(_stopped.Token));
        // Waits for the journal plugin, so not on the actor's thread.
        var journal = await Task.Run(() =>
            PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
        );
        return new Prepared(position, journal);
    }

    private void Run(Prepared prepared)
    {
        _progress.Applied(prepared.Position, TimeSpan.Zero, []);
        var self = Self;
        var (kill, done) = prepared
            .Journal.AllEvents(Offset.Sequence(prepared.Position))
            .ViaMaterialized(KillSwitches.Single<EventEnvelope>(), Keep.Right)
            .Select(EntryOf)
            .GroupedWithin(BatchSize, BatchTime)
            .SelectAsync(1, batch => Task.Run(() => ApplyAsync([.. batch], self)))
            .ToMaterialized(Sink.Ignore<int>(), Keep.Both)
            .Run(Context.Materializer());
        _kill = kill;
        _running = done;
        _ = done.PipeTo(self, success: () => new Ended(null), failure: e => new Ended(e));
        _log.Info("The projection follows the journal from {0}", prepared.Position);
    }

    private async Task<int> ApplyAsync(IReadOnlyList<JournalEntry> batch, IActorRef self)
    {
        var advances = await _writer.ApplyAsync(batch, _stopped.Token);
        var lag = TimeOf(batch[0].Event) is { } at ? _time.GetUtcNow() - at : TimeSpan.Zero;
        _progress.Applied(batch[^1].Ordering, lag, advances);
        self.Tell(BatchDone.Instance);
        return batch.Count;
    }

    private void TryAgain(Ended ended)
    {
        if (_stopped.IsCancellationRequested)
            return;
        _kill = null;
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

    private static JournalEntry EntryOf(EventEnvelope envelope) =>
        new(((Sequence)envelope.Offset).Value, envelope.PersistenceId, envelope.SequenceNr, envelope.Event);

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

    private sealed record Prepared(long Position, SqlReadJournal Journal);

    private sealed record BatchDone
    {
        public static readonly BatchDone Instance = new();
    }

    private sealed record Ended(Exception? Cause);
}
