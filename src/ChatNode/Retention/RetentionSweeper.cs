using Akka.Actor;
using Akka.Event;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Retention;

/// <param name="Keep">How long messages are kept.</param>
/// <param name="Every">Between two sweeps of all chats.</param>
/// <param name="Chats">Looked at together.</param>
/// <param name="Messages">Of one chat at a time: fewer than its entity lets wait.</param>
public sealed record RetentionSettings(TimeSpan Keep, TimeSpan Every, int Chats = 50, int Messages = 100)
{
    /// <summary>Who has not answered by then is asked again by the next sweep.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Has messages deleted that are too old, chat by chat. It remembers nothing: what is still to do is what the read tables
/// still have, so a restart anywhere begins anew and ends the same. One a cluster.
/// </summary>
public sealed class RetentionSweeper : ReceiveActor, IWithTimers
{
    private readonly IActorRef _chats;
    private readonly IOldMessages _old;
    private readonly RetentionSettings _settings;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private ChatId? _after;
    private DateTimeOffset _before;
    private int _unanswered;
    private long _correlation;
    private long _firstOfStep;
    private Found? _step;

    public static Props Props(IActorRef chats, IOldMessages old, RetentionSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new RetentionSweeper(chats, old, settings, time));

    public RetentionSweeper(IActorRef chats, IOldMessages old, RetentionSettings settings, TimeProvider time)
    {
        _chats = chats;
        _old = old;
        _settings = settings;
        _time = time;
        Receive<Sweep>(_ => Begin());
        Receive<Found>(Act);
        Receive<ICorrelated>(answer => Answered(answer.Correlation));
        Receive<Late>(_ => Step());
        Receive<Status.Failure>(failure =>
        {
            _log.Warning(failure.Cause, "The sweep for old messages could not read; the next one tries again");
            Again();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Sweep.Instance);

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Begin()
    {
        _after = null;
        _before = _time.GetUtcNow() - _settings.Keep;
        Look();
    }

    private void Look() => _ = FindAsync(_after, _before, _stop.Token).PipeTo(Self);

    private async Task<Found> FindAsync(ChatId? after, DateTimeOffset before, CancellationToken cancel)
    {
        var chats = await _old.ChatsAsync(after, _settings.Chats, cancel);
        var messages = new List<(ChatId, long)>();
        foreach (var chat in chats)
        foreach (var seq in await _old.MessagesAsync(chat, before, _settings.Messages, cancel))
            messages.Add((chat, seq));
        return new Found(chats, messages);
    }

    private void Act(Found found)
    {
        _step = found;
        _unanswered = found.Messages.Count;
        _firstOfStep = _correlation + 1;
        foreach (var (chat, seq) in found.Messages)
            _chats.Tell(new ChatProtocol.Execute(chat, new ChatCommands.ExpireMessage(seq, _before), ++_correlation));
        if (_unanswered == 0)
            Step();
        else
            Timers.StartSingleTimer(nameof(Late), Late.Instance, _settings.Patience);
    }

    private void Answered(long correlation)
    {
        if (correlation < _firstOfStep || --_unanswered > 0)
            return;
        Timers.Cancel(nameof(Late));
        Step();
    }

    // A chat with more than fits one step waits for the next sweep: meanwhile the tables take up what was deleted.
    private void Step()
    {
        if (_step is not { } step)
            return;
        _step = null;
        var isFull = step.Messages.GroupBy(m => m.Chat).Any(chat => chat.Count() >= _settings.Messages);
        _more |= isFull;
        if (step.Chats.Count < _settings.Chats)
        {
            Again();
            return;
        }
        _after = step.Chats[^1];
        Look();
    }

    private bool _more;

    private void Again()
    {
        var pause = _more ? TimeSpan.FromSeconds(Math.Min(1, _settings.Every.TotalSeconds)) : _settings.Every;
        _more = false;
        Timers.StartSingleTimer(nameof(Sweep), Sweep.Instance, pause);
    }

    private sealed class Sweep
    {
        public static readonly Sweep Instance = new();
    }

    private sealed class Late
    {
        public static readonly Late Instance = new();
    }

    private sealed record Found(IReadOnlyList<ChatId> Chats, IReadOnlyList<(ChatId Chat, long Seq)> Messages);
}
