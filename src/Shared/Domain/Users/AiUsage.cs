namespace ChatAi.Shared.Domain.Users;

/// <summary>How much a user may have of the assistant; 0 for any amount.</summary>
public sealed record AiQuota(int RunsPerHour, long TokensPerDay)
{
    public static readonly AiQuota Off = new(0, 0);

    public bool IsOff => RunsPerHour == 0 && TokensPerDay == 0;
}

/// <summary>A run that the user was let have.</summary>
/// <param name="Tokens">What it may need at most, until it is settled; then what it needed.</param>
public sealed record AiReservation(RunId Run, DateTimeOffset At, int Tokens);

/// <summary>
/// The user's runs of the last day. A reservation counts in full until it is settled, so that runs side by side cannot
/// slip past, and one whose end got lost counts until the day is over. Folded from events, immutable, bounded.
/// </summary>
public sealed record AiUsage
{
    /// <summary>Runs a day, whatever the settings: what is remembered has an end.</summary>
    public const int MostRuns = 4_096;

    public static readonly AiUsage None = new();
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AiReservation> Runs { get; init; } = [];

    public bool Has(RunId run) => Runs.Any(r => r.Run == run);

    /// <summary>Why the user may have no run of so many tokens now; null when they may.</summary>
    public Rejection? Check(AiQuota quota, int tokens, DateTimeOffset now)
    {
        if (quota.IsOff)
            return null;
        var today = Runs.Where(r => r.At > now - Day).ToList();
        if (quota.RunsPerHour > 0 && today.Count(r => r.At > now - Hour) >= quota.RunsPerHour)
            return Exceeded($"You may ask the assistant {quota.RunsPerHour} times an hour.");
        if (quota.TokensPerDay > 0 && today.Sum(r => (long)r.Tokens) + tokens > quota.TokensPerDay)
            return Exceeded($"You may have {quota.TokensPerDay} tokens of the assistant a day.");
        return today.Count >= MostRuns ? Exceeded($"You may ask the assistant {MostRuns} times a day.") : null;
    }

    public AiUsage Reserve(AiReservation reservation) =>
        this with
        {
            Runs = [.. Runs.Where(r => r.At > reservation.At - Day).TakeLast(MostRuns - 1), reservation],
        };

    /// <param name="tokens">Null: nothing was done, and the run does not count.</param>
    public AiUsage Settle(RunId run, int? tokens) =>
        this with
        {
            Runs =
            [
                .. Runs.Where(r => r.Run != run || tokens is not null)
                    .Select(r => r.Run == run ? r with { Tokens = tokens!.Value } : r),
            ],
        };

    private static Rejection Exceeded(string message) => new(ErrorCode.QuotaExceeded, message);
}
