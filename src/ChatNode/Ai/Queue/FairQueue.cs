using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Ai.Queue;

/// <summary>A run that waits for a worker.</summary>
public sealed record QueuedRun(ChatId Chat, PendingRun Run)
{
    public RunId Id => Run.Run;
}

/// <summary>Who waits shorter. A lower class is served only while no higher one waits.</summary>
public enum RunClass
{
    /// <summary>Somebody looks at the chat and waits: replies and summaries.</summary>
    Asked = 0,
    CatchUp = 1,

    /// <summary>Nobody waits: rolling summaries.</summary>
    Rolling = 2,
}

public enum OfferOutcome
{
    Queued,
    Known,

    /// <summary>No room, and nothing less important to drop for it.</summary>
    Full,
}

/// <summary>
/// The runs that wait, in the order in which they are to be worked at: by class, within a class in turn between users
/// (round robin), for one user in the order of asking. Bounded. Not thread-safe.
/// </summary>
public sealed class FairQueue(int capacity)
{
    private readonly Lane[] _lanes = [new(), new(), new()];
    private readonly Dictionary<RunId, QueuedRun> _waiting = [];

    public int Count => _waiting.Count;

    public IReadOnlyCollection<QueuedRun> All => _waiting.Values;

    public int CountOf(RunClass runClass) => _lanes[(int)runClass].Count;

    public QueuedRun? Find(RunId run) => _waiting.GetValueOrDefault(run);

    /// <summary>How many runs would be taken up to and with this one, were nothing offered meanwhile; null if it does not wait.</summary>
    public int? PlaceOf(RunId run)
    {
        if (Find(run) is not { } queued)
            return null;
        var lane = (int)ClassOf(queued.Run.Kind);
        return _lanes.Take(lane).Sum(above => above.Count) + _lanes[lane].PlaceOf(queued);
    }

    public static RunClass ClassOf(AiRunKind kind) =>
        kind switch
        {
            AiRunKind.CatchUp => RunClass.CatchUp,
            AiRunKind.Rolling => RunClass.Rolling,
            _ => RunClass.Asked,
        };

    /// <summary>Takes a run to the end of its user's line. A rolling run makes room for a person's when all is full.</summary>
    public OfferOutcome Offer(QueuedRun run)
    {
        if (_waiting.ContainsKey(run.Id))
            return OfferOutcome.Known;
        if (Count >= capacity && !MakeRoomFor(run))
            return OfferOutcome.Full;
        _waiting.Add(run.Id, run);
        LaneOf(run).AddLast(run);
        return OfferOutcome.Queued;
    }

    /// <summary>Takes a run back that a worker had: it has waited already, so it comes next, whatever the bound.</summary>
    public void PutBack(QueuedRun run)
    {
        if (_waiting.TryAdd(run.Id, run))
            LaneOf(run).AddFirst(run);
    }

    /// <summary>The next run to work at, or null.</summary>
    public QueuedRun? Take()
    {
        var lane = Array.Find(_lanes, l => l.Count > 0);
        if (lane is null)
            return null;
        var run = lane.TakeFirst();
        _waiting.Remove(run.Id);
        return run;
    }

    public bool Remove(RunId run)
    {
        if (!_waiting.Remove(run, out var queued))
            return false;
        LaneOf(queued).Remove(queued);
        return true;
    }

    private bool MakeRoomFor(QueuedRun run)
    {
        var rolling = _lanes[(int)RunClass.Rolling];
        if (ClassOf(run.Run.Kind) == RunClass.Rolling || rolling.Count == 0)
            return false;
        // Its chat still has it and offers it again when the sweeper comes by.
        _waiting.Remove(rolling.TakeLast().Id);
        return true;
    }

    private Lane LaneOf(QueuedRun run) => _lanes[(int)ClassOf(run.Run.Kind)];

    /// <summary>One class: users in the order of their turns, each with their own line.</summary>
    private sealed class Lane
    {
        private readonly LinkedList<Guid> _turns = [];
        private readonly Dictionary<Guid, LinkedList<QueuedRun>> _lines = [];

        public int Count { get; private set; }

        // Nobody asked for a rolling summary: there the chats take turns.
        private static Guid KeyOf(QueuedRun run) =>
            run.Run.Kind == AiRunKind.Rolling ? run.Chat.Value : run.Run.By.Value;

        public void AddLast(QueuedRun run)
        {
            var key = KeyOf(run);
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines[key] = line = [];
                _turns.AddLast(key);
            }
            line.AddLast(run);
            Count++;
        }

        public void AddFirst(QueuedRun run)
        {
            var key = KeyOf(run);
            if (!_lines.TryGetValue(key, out var line))
                _lines[key] = line = [];
            else
                _turns.Remove(key);
            _turns.AddFirst(key);
            line.AddFirst(run);
            Count++;
        }

        public QueuedRun TakeFirst()
        {
            var key = _turns.First!.Value;
            var run = _lines[key].First!.Value;
            Remove(run);
            if (_turns.Remove(key))
                _turns.AddLast(key);
            return run;
        }

        public QueuedRun TakeLast()
        {
            var run = _lines[_turns.Last!.Value].Last!.Value;
            Remove(run);
            return run;
        }

        /// <summary>From 1. Users take turns: in round k each gives its k-th run.</summary>
        public int PlaceOf(QueuedRun run)
        {
            var own = KeyOf(run);
            var round = _lines[own].TakeWhile(other => other.Id != run.Id).Count();
            var place = round + 1;
            var hadItsTurn = true;
            foreach (var key in _turns)
                if (key == own)
                    hadItsTurn = false;
                else
                    place += Math.Min(_lines[key].Count, hadItsTurn ? round + 1 : round);
            return place;
        }

        public void Remove(QueuedRun run)
        {
            var key = KeyOf(run);
            var line = _lines[key];
            line.Remove(run);
            Count--;
            if (line.Count > 0)
                return;
            _lines.Remove(key);
            _turns.Remove(key);
        }
    }
}
