using System.Diagnostics;

namespace ChatAi.Bench.Delivery;

/// <param name="Rate">Messages a second that were meant to be sent.</param>
/// <param name="Lost">Acknowledged, never delivered.</param>
/// <param name="Unanswered">Neither acknowledged nor refused although the server had fallen silent.</param>
/// <param name="Repeats">The same number seen again; allowed on the wire.</param>
/// <param name="Gaps">Holes that recipients filled by asking.</param>
/// <param name="Saturated">The backlog grew beyond use, or was not worked off in time: the rate is above the limit.</param>
/// <param name="CpuPerThousand">Seconds of server CPU (with its database) for 1,000 delivered messages; null unknown.</param>
public sealed record RunResult(
    double Rate,
    double Seconds,
    int Sent,
    long Delivered,
    int Lost,
    long Doubled,
    long Reordered,
    int Unanswered,
    long Refused,
    string? FirstRefusal,
    long Repeats,
    long Gaps,
    bool Saturated,
    string? Broken,
    LatencySummary Delivery,
    LatencySummary Answer,
    LatencySummary GeneratorLag,
    double? CpuPerThousand
)
{
    /// <summary>A run that loses, doubles or reorders anything says nothing about speed.</summary>
    public bool Void => Lost > 0 || Doubled > 0 || Reordered > 0 || Unanswered > 0 || Broken is not null;

    /// <summary>Whether the server kept up with the rate.</summary>
    public bool Sustained(double limitMs) => !Void && !Saturated && Refused == 0 && Delivery.P99 < limitMs;

    public IReadOnlyDictionary<string, long> RefusalCodes { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages acknowledged.</summary>
    public long Answered { get; init; }

    /// <summary>From the last send to the last answer.</summary>
    public double DrainSeconds { get; init; }

    public string Verdict =>
        Void
            ? $"VOID: {Lost} lost, {Doubled} doubled, {Reordered} reordered, {Unanswered} unanswered{(Broken is null ? "" : $", {Broken}")}"
        : Saturated ? "saturated"
        : Refused > 0 ? $"{Refused} refused ({FirstRefusal})"
        : "ok";
}

/// <summary>One run at one rate over a connected fleet.</summary>
public static class LoadRun
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(30);

    // Protocol v1 lets a socket have 64 unanswered requests: past a third of that on average the rate is lost anyway.
    private const int BacklogPerUser = 20;

    private static int _runs;

    public static async Task<RunResult> RunAsync(
        LoadFleet fleet,
        Func<double>? cpuSeconds,
        double rate,
        double seconds,
        int textSize,
        bool giveUp = true
    )
    {
        var run = Interlocked.Increment(ref _runs);
        var schedule = PoissonSchedule.Create(rate, seconds, fleet.Users, seed: run);
        var ledger = new RunLedger(run, schedule);
        fleet.Begin(ledger, schedule);

        var backlog = Math.Max(fleet.Users * BacklogPerUser, 200);
        var gaveUp = false;
        var before = cpuSeconds?.Invoke();
        await Pacer.RunAsync(
            schedule,
            (arrival, intended) => fleet.Send(arrival, textSize, intended),
            () =>
                gaveUp |=
                    ledger.Broken is not null
                    || (giveUp && ledger.SentCount - ledger.Answers - ledger.Refusals > backlog)
        );
        var sent = Stopwatch.GetTimestamp();
        var silent = await DrainAsync(ledger);
        var drained = Stopwatch.GetElapsedTime(sent);
        var cpu = cpuSeconds?.Invoke() - before;

        return new RunResult(
            rate,
            seconds,
            ledger.SentCount,
            ledger.Deliveries,
            silent ? ledger.Lost() : 0,
            ledger.Doubled,
            ledger.Reordered,
            silent ? ledger.Unanswered() : 0,
            ledger.Refusals,
            ledger.FirstRefusal,
            ledger.Repeats,
            ledger.Gaps,
            gaveUp || !(silent || ledger.Finished),
            ledger.Broken,
            ledger.DeliveryLatency(),
            ledger.AnswerLatency(),
            ledger.GeneratorLag(),
            ledger.Deliveries == 0 ? null : cpu * 1000 / ledger.Deliveries
        )
        {
            RefusalCodes = ledger.Codes,
            Answered = ledger.Answers,
            DrainSeconds = drained.TotalSeconds,
        };
    }

    /// <summary>Waits for what is under way. True where the server fell silent with something still missing.</summary>
    private static async Task<bool> DrainAsync(RunLedger ledger)
    {
        var clock = Stopwatch.StartNew();
        var (progress, since) = (ledger.Progress, clock.Elapsed);
        while (!ledger.Finished && ledger.Broken is null && clock.Elapsed < DrainAtMost)
        {
            await Task.Delay(5);
            if (ledger.Progress != progress)
            {
                (progress, since) = (ledger.Progress, clock.Elapsed);
            }
            else if (clock.Elapsed - since > Silence)
            {
                return true;
            }
        }

        return false;
    }
}
