using System.Collections.Concurrent;
using System.Diagnostics;

namespace ChatAi.Bench.Delivery;

/// <summary>
/// What became of every message of one run, per sender. Each array is written by one receive loop only, so no locks:
/// a sender's own loop writes the answers, the recipient's loop writes the deliveries.
/// </summary>
public sealed class RunLedger
{
    private readonly long[][] _intended;
    private readonly long[][] _sent;
    private readonly long[][] _answered;
    private readonly long[][] _delivered;
    private readonly long[][] _seqs;
    private readonly bool[][] _refused;
    private readonly ConcurrentDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private long _answers;
    private long _deliveries;
    private long _refusals;
    private long _doubled;
    private long _reordered;
    private long _repeats;
    private long _gaps;
    private string? _broken;
    private string? _firstRefusal;

    public RunLedger(int run, PoissonSchedule schedule)
    {
        Run = run;
        Total = schedule.Arrivals.Count;
        _intended = Rows<long>(schedule);
        _sent = Rows<long>(schedule);
        _answered = Rows<long>(schedule);
        _delivered = Rows<long>(schedule);
        _seqs = Rows<long>(schedule);
        _refused = Rows<bool>(schedule);
    }

    public int Run { get; }

    public int Total { get; }

    public int SentCount { get; private set; }

    public long Answers => Interlocked.Read(ref _answers);

    public long Deliveries => Interlocked.Read(ref _deliveries);

    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Goes up with everything that happens: while it moves, waiting makes sense.</summary>
    public long Progress => Answers + Deliveries + Refusals;

    /// <summary>Messages delivered a second time as another message. Voids the run.</summary>
    public long Doubled => Interlocked.Read(ref _doubled);

    /// <summary>Messages delivered after a later one of the same sender. Voids the run.</summary>
    public long Reordered => Interlocked.Read(ref _reordered);

    /// <summary>The same number of the chat seen again: allowed on the wire, clients drop it.</summary>
    public long Repeats => Interlocked.Read(ref _repeats);

    /// <summary>Holes that a recipient had to fill by <c>sync.get</c>.</summary>
    public long Gaps => Interlocked.Read(ref _gaps);

    /// <summary>Why no more of this run can be believed, such as a socket that closed.</summary>
    public string? Broken => Volatile.Read(ref _broken);

    public string? FirstRefusal => Volatile.Read(ref _firstRefusal);

    /// <summary>Refusals by error code.</summary>
    public IReadOnlyDictionary<string, long> Codes => _codes;

    public bool Finished => Answers + Refusals >= SentCount && Deliveries >= Answers;

    public bool Knows(int sender, int number) => number < _intended[sender].Length;

    public void Sent(int sender, int number, long intended)
    {
        _intended[sender][number] = intended;
        _sent[sender][number] = Stopwatch.GetTimestamp();
        SentCount++;
    }

    public void Answered(int sender, int number)
    {
        _answered[sender][number] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _answers);
    }

    public void Refused(int sender, int number, string code)
    {
        Interlocked.CompareExchange(ref _firstRefusal, code, null);
        _codes.AddOrUpdate(code, 1, static (_, count) => count + 1);
        Volatile.Write(ref _refused[sender][number], true);
        Interlocked.Increment(ref _refusals);
    }

    /// <summary>A message that will not come because the server did not take it.</summary>
    public bool WasRefused(int sender, int number) => Volatile.Read(ref _refused[sender][number]);

    /// <param name="seq">Tells a repeat of the same message from a second one with the same text.</param>
    /// <returns>True where it had not been delivered before.</returns>
    public bool Delivered(int sender, int number, long seq)
    {
        if (_delivered[sender][number] != 0)
        {
            Interlocked.Increment(ref _seqs[sender][number] == seq ? ref _repeats : ref _doubled);
            return false;
        }

        _seqs[sender][number] = seq;
        _delivered[sender][number] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _deliveries);
        return true;
    }

    public void Reorder() => Interlocked.Increment(ref _reordered);

    public void Gap() => Interlocked.Increment(ref _gaps);

    public void Break(string why) => Interlocked.CompareExchange(ref _broken, why, null);

    /// <summary>Acknowledged and never delivered.</summary>
    public int Lost() => Count((sender, number) => _answered[sender][number] != 0 && _delivered[sender][number] == 0);

    /// <summary>Sent, and neither acknowledged nor refused.</summary>
    public int Unanswered() =>
        Count(
            (sender, number) =>
                _sent[sender][number] != 0 && _answered[sender][number] == 0 && !_refused[sender][number]
        );

    public LatencySummary DeliveryLatency() => Latency(_delivered);

    public LatencySummary AnswerLatency() => Latency(_answered);

    /// <summary>How late the generator itself was: where this is large, the figures are the generator's.</summary>
    public LatencySummary GeneratorLag() => Latency(_sent);

    private static T[][] Rows<T>(PoissonSchedule schedule) => [.. schedule.PerSender.Select(count => new T[count])];

    private LatencySummary Latency(long[][] until)
    {
        var histogram = LatencySummary.NewHistogram();
        for (var sender = 0; sender < until.Length; sender++)
        {
            for (var number = 0; number < until[sender].Length; number++)
            {
                if (until[sender][number] != 0)
                {
                    LatencySummary.Record(histogram, until[sender][number] - _intended[sender][number]);
                }
            }
        }

        return LatencySummary.Of(histogram);
    }

    private int Count(Func<int, int, bool> holds)
    {
        var count = 0;
        for (var sender = 0; sender < _sent.Length; sender++)
        {
            for (var number = 0; number < _sent[sender].Length; number++)
            {
                count += holds(sender, number) ? 1 : 0;
            }
        }

        return count;
    }
}
