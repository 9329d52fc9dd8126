using System.Collections.Concurrent;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Gateway;

/// <summary>
/// Lets through <paramref name="perSecond"/> on average and <paramref name="burst"/> at once after a pause. Thread-safe.
/// </summary>
public sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes one and returns 0, or the milliseconds until there is one.</summary>
    public int TryTake()
    {
        lock (_gate)
        {
            Fill();
            if (_tokens >= 1)
            {
                _tokens--;
                return 0;
            }
            return Math.Max(1, (int)Math.Ceiling((1 - _tokens) * 1_000 / perSecond));
        }
    }

    /// <summary>Whether nothing was taken for so long that a new bucket would be the same.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return _tokens >= burst;
            }
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}

/// <summary>How fast each user may write and search, over all of their sessions on this node and over HTTP.</summary>
public sealed class RateLimits(IOptions<ChatAiOptions> options, TimeProvider time)
{
    private readonly UserBuckets _writes = new(
        options.Value.RateLimit.MessagesPerSecond,
        options.Value.RateLimit.Burst,
        time
    );

    private readonly UserBuckets _searches = new(
        options.Value.RateLimit.SearchesPerSecond,
        options.Value.RateLimit.SearchBurst,
        time
    );

    /// <summary>Null when the user may write now, else the refusal with its <c>after_ms</c>.</summary>
    public Rejection? Check(UserId user) =>
        _writes.Take(user) is > 0 and var afterMs
            ? new Rejection(ErrorCode.RateLimited, "You are sending faster than this server allows.", afterMs)
            : null;

    /// <summary>The same for searching.</summary>
    public Rejection? CheckSearch(UserId user) =>
        _searches.Take(user) is > 0 and var afterMs
            ? new Rejection(ErrorCode.RateLimited, "You are searching faster than this server allows.", afterMs)
            : null;
}

/// <summary>A bucket a user; 0 lets everything pass.</summary>
internal sealed class UserBuckets(int perSecond, int burst, TimeProvider time)
{
    private const int SweepAt = 10_000;

    private readonly ConcurrentDictionary<UserId, TokenBucket> _buckets = new();
    private int _sweepAt = SweepAt;

    /// <summary>Takes one and returns 0, or the milliseconds until there is one.</summary>
    public int Take(UserId user)
    {
        if (perSecond == 0 || burst == 0)
            return 0;
        var bucket = _buckets.GetOrAdd(user, static (_, all) => all.NewBucket(), this);
        if (_buckets.Count > _sweepAt)
            Sweep();
        return bucket.TryTake();
    }

    private TokenBucket NewBucket() => new(perSecond, burst, time);

    private void Sweep()
    {
        foreach (var (user, bucket) in _buckets)
            if (bucket.IsFull)
                _buckets.TryRemove(new KeyValuePair<UserId, TokenBucket>(user, bucket));
        _sweepAt = Math.Max(SweepAt, _buckets.Count * 2);
    }
}
