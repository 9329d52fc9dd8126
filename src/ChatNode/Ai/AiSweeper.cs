using Akka.Actor;
using Akka.Event;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai;

/// <param name="Every">Time between sweeps.</param>
/// <param name="Overdue">An open run that is older may have been forgotten. At the start every open run may be.</param>
/// <param name="Chats">At most so many stale chats a sweep.</param>
/// <param name="Runs">At most so many open runs a sweep.</param>
public sealed record AiSweeperSettings(TimeSpan Every, TimeSpan Overdue, int Chats = 100, int Runs = 500)
{
    /// <summary>False where the server has no assistant: then nobody makes them.</summary>
    public bool Summaries { get; init; } = true;
}

/// <summary>
/// Finds by SQL what no message will set off any longer: chats whose rolling summary is stale, and runs whose chat was
/// put to sleep or lost before they ended. One a cluster.
/// </summary>
public sealed class AiSweeper : ReceiveActor, IWithTimers
{
    private sealed record Found(IReadOnlyList<ChatId> Stale, IReadOnlyList<ChatId> Open, IActorRef By);

    private readonly IActorRef _chats;
    private readonly IChatReader _reader;
    private readonly AiSweeperSettings _settings;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private TimeSpan _overdue = TimeSpan.Zero;
    private long _correlation;

    public static Props Props(IActorRef chats, IChatReader reader, AiSweeperSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new AiSweeper(chats, reader, settings, time));

    public AiSweeper(IActorRef chats, IChatReader reader, AiSweeperSettings settings, TimeProvider time)
    {
        _chats = chats;
        _reader = reader;
        _settings = settings;
        _time = time;

        Receive<OperatorProtocol.Sweep>(_ => Begin(Sender));
        Receive<Found>(Act);
        Receive<Status.Failure>(failure =>
        {
            _log.Warning(failure.Cause, "The sweep could not read; the next one tries again");
            Again();
        });
        // Whatever a chat answers to being asked for a summary, there is nothing left to do.
        Receive<ICorrelated>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(OperatorProtocol.Sweep.Instance, ActorRefs.NoSender);

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    // The next sweep is set only when this one has its answer: they never overlap, however slow the database is.
    private void Begin(IActorRef by)
    {
        Timers.Cancel(nameof(OperatorProtocol.Sweep));
        _ = FindAsync(by, _stop.Token).PipeTo(Self);
    }

    private async Task<Found> FindAsync(IActorRef by, CancellationToken cancel)
    {
        var stale = _settings.Summaries ? await _reader.StaleSummariesAsync(_settings.Chats, cancel) : [];
        var before = _time.GetUtcNow() - _overdue;
        var runs = await _reader.OpenRunsAsync(_settings.Runs, cancel);
        var open = runs.Where(r => r.RequestedAt <= before && (_settings.Summaries || r.Kind != AiRunKind.Rolling))
            .Select(r => r.Chat)
            .Distinct();
        return new Found(stale, [.. open], by);
    }

    private void Act(Found found)
    {
        foreach (var chat in found.Stale)
            _chats.Tell(new ChatProtocol.Execute(chat, ChatCommands.RefreshSummary.Instance, ++_correlation));
        foreach (var chat in found.Open)
            _chats.Tell(new ChatProtocol.Wake(chat));
        found.By.Tell(new OperatorProtocol.Swept(found.Stale.Count, found.Open.Count));
        _overdue = _settings.Overdue;
        Again();
    }

    private void Again() =>
        Timers.StartSingleTimer(nameof(OperatorProtocol.Sweep), OperatorProtocol.Sweep.Instance, _settings.Every);
}
