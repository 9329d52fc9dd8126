namespace ChatAi.Client.Connection;

internal static class Backoff
{
    /// <summary>Between half and all of first·2^attempt, at most <paramref name="longest"/>.</summary>
    public static TimeSpan Pause(int attempt, double random, TimeSpan first, TimeSpan longest)
    {
        var ceiling = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 16)));
        return TimeSpan.FromMilliseconds((ceiling / 2) + (random * ceiling / 2));
    }
}

/// <summary>What the end of a socket asks of a client.</summary>
internal enum AfterClose
{
    Reconnect,
    RenewToken,
    Stop,
}

internal static class CloseCodes
{
    public const int AuthFailed = 4501;
    public const int Revoked = 4503;

    public static AfterClose After(int? code) =>
        code switch
        {
            AuthFailed => AfterClose.RenewToken,
            >= 4500 and <= 4599 => AfterClose.Stop,
            _ => AfterClose.Reconnect,
        };
}
