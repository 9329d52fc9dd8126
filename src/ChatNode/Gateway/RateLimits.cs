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

/// <summary>How fast each user may write, over all of their sessions on this node and over HTTP.</summary>
public sealed class RateLimits(IOptions<ChatAiOptions> options, TimeProvider time)
{
    private const int SweepAt = 10_000;

    private readonly ConcurrentDictionary<UserId, TokenBucket> _buckets = new();
    private readonly int _perSecond = options.Value.RateLimit.MessagesPerSecond;
    private readonly int _burst = options.Value.RateLimit.Burst;
    private int _sweepAt = SweepAt;

    /// <summary>Null when the user may write now, else the refusal with its <c>after_ms</c>.</summary>
    public Rejection? Check(UserId user)
    {
        if (_perSecond == 0 || _burst == 0)
            return null;
        var bucket = _buckets.GetOrAdd(
            user,
            static (_, limits) => new TokenBucket(limits._perSecond, limits._burst, limits.Time),
            this
        );
        if (_buckets.Count > _sweepAt)
            Sweep();
        return bucket.TryTake() is > 0 and var afterMs
            ? new Rejection(ErrorCode.RateLimited, "You are sending faster than this server allows.", afterMs)
            : null;
    }

    private TimeProvider Time => time;

    private void Sweep()
    {
        foreach (var (user, bucket) in _buckets)
            if (bucket.IsFull)
                _buckets.TryRemove(new KeyValuePair<UserId, TokenBucket>(user, bucket));
        _sweepAt = Math.Max(SweepAt, _buckets.Count * 2);
    }
}
