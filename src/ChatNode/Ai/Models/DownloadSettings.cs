namespace ChatAi.ChatNode.Ai.Models;

/// <summary>Times and bounds of a fetch; the defaults are those of production.</summary>
public sealed record DownloadSettings
{
    /// <summary>No byte for so long: the connection is given up and tried anew.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Failures in a row, none of which brought a byte, before it is given up.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>First wait before the next try; doubled up to <see cref="WaitMost"/>, and each shortened by chance.</summary>
    public TimeSpan WaitFirst { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan WaitMost { get; init; } = TimeSpan.FromSeconds(30);

    public int Redirects { get; init; } = 10;

    public long MostBytes { get; init; } = 256L << 30;

    /// <summary>Bytes free on the disk of a folder.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    public TimeSpan WaitAfter(int failures, double chance)
    {
        var most = Math.Min(WaitMost.Ticks, WaitFirst.Ticks << Math.Min(failures - 1, 16));
        return TimeSpan.FromTicks((long)(most * (0.5 + (chance / 2))));
    }
}

/// <summary>How far a fetch is.</summary>
/// <param name="Total">Null where the server does not say.</param>
public sealed record DownloadState(long Bytes, long? Total);
