using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Accounts;

/// <summary>
/// A token bucket a key, held in bounded memory: a period's worth may be used at once and comes back evenly. For what
/// one node can count alone; the limits that must hold cluster-wide live in the entities.
/// </summary>
/// <param name="perPeriod">0 lets everything pass.</param>
/// <param name="period">Null: a minute.</param>
public sealed class RateBuckets<TKey>(int perPeriod, TimeProvider time, TimeSpan? period = null)
    where TKey : notnull
{
    public const int MaxKeys = 65_536;

    private readonly TimeSpan _period = period ?? TimeSpan.FromMinutes(1);

    private sealed class Bucket(double tokens, long at)
    {
        public double Tokens = tokens;
        public long At = at;
    }

    private readonly ConcurrentDictionary<TKey, Bucket> _buckets = [];

    public int Count => _buckets.Count;

    /// <summary>Null when the key may go on; else how long it has to wait.</summary>
    public TimeSpan? Take(TKey key)
    {
        if (perPeriod == 0)
            return null;
        var now = time.GetTimestamp();
        if (_buckets.Count >= MaxKeys && !_buckets.ContainsKey(key))
            Forget(now);
        var bucket = _buckets.GetOrAdd(
            key,
            static (_, start) => new Bucket(start.perPeriod, start.now),
            (perPeriod, now)
        );
        lock (bucket)
        {
            bucket.Tokens = Refilled(bucket, now);
            bucket.At = Math.Max(bucket.At, now);
            if (bucket.Tokens < 1)
                return _period * ((1 - bucket.Tokens) / perPeriod);
            bucket.Tokens--;
            return null;
        }
    }

    /// <summary>Null when the key may go on; else the refusal in these words, with its <c>after_ms</c>.</summary>
    public Rejection? Check(TKey key, string refusal) =>
        Take(key) is { } wait
            ? new Rejection(ErrorCode.RateLimited, refusal, (int)Math.Ceiling(wait.TotalMilliseconds))
            : null;

    private double Refilled(Bucket bucket, long now)
    {
        var periods = time.GetElapsedTime(Math.Min(bucket.At, now), now) / _period;
        return Math.Min(perPeriod, bucket.Tokens + (periods * perPeriod));
    }

    // A full bucket says nothing that a new one would not say. If too many are not full, all start anew: a flood from
    // many addresses must not cost memory.
    private void Forget(long now)
    {
        foreach (var (key, bucket) in _buckets)
        {
            if (Refilled(bucket, now) >= perPeriod)
                _buckets.TryRemove(key, out _);
        }
        if (_buckets.Count > MaxKeys / 2)
            _buckets.Clear();
    }
}

public static class ClientAddress
{
    /// <summary>What counts as one address: an IPv4 address, or the /64 network that an IPv6 host can roam in.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}
