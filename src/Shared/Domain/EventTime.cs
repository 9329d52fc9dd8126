namespace ChatAi.Shared.Domain;

/// <summary>
/// The times of events: UTC in whole milliseconds, because the journal keeps no more. Whoever makes an event cuts its
/// time with <see cref="Of"/>, so that a state in memory equals the same state replayed.
/// </summary>
public static class EventTime
{
    /// <summary>0001-01-01T00:00:00.000Z as Unix milliseconds.</summary>
    public const long MinMilliseconds = -62_135_596_800_000;

    /// <summary>9999-12-31T23:59:59.999Z as Unix milliseconds.</summary>
    public const long MaxMilliseconds = 253_402_300_799_999;

    public static DateTimeOffset Of(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    public static DateTimeOffset? Of(DateTimeOffset? time) => time is { } given ? Of(given) : null;
}
