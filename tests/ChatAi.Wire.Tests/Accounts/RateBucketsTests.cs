using System.Net;
using ChatAi.ChatNode.Accounts;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Wire.Tests.Accounts;

public sealed class RateBucketsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Should_never_let_more_pass_than_a_minute_allows() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 10_000].List[1, 200])
            .Sample(
                (perMinute, pauses) =>
                {
                    var time = new FakeTimeProvider();
                    var buckets = new RateBuckets<string>(perMinute, time);
                    var passed = 0;
                    foreach (var pause in pauses)
                    {
                        time.Advance(TimeSpan.FromMilliseconds(pause));
                        passed += buckets.Take("a") is null ? 1 : 0;
                    }
                    var allowed = perMinute + (pauses.Sum() * perMinute / 60_000.0);
                    return passed >= 1 && passed <= allowed + 1e-6;
                }
            );

    [Fact]
    public void Should_say_how_long_to_wait_and_mean_it()
    {
        var buckets = new RateBuckets<string>(2, _time);
        Assert.Null(buckets.Take("a"));
        Assert.Null(buckets.Take("a"));
        var wait = buckets.Take("a");
        Assert.Equal(TimeSpan.FromSeconds(30), wait);
        Assert.Null(buckets.Take("b"));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(buckets.Take("a"));
        Assert.NotNull(buckets.Take("a"));
    }

    [Fact]
    public void Should_be_off_at_0()
    {
        var buckets = new RateBuckets<string>(0, _time);
        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.Null(buckets.Take("a")));
        Assert.Equal(0, buckets.Count);
    }

    [Fact]
    public void Should_stay_small_under_a_flood_of_addresses()
    {
        var buckets = new RateBuckets<int>(1, _time);
        for (var i = 0; i < 3 * RateBuckets<int>.MaxKeys; i++)
            Assert.Null(buckets.Take(i));
        Assert.InRange(buckets.Count, 1, RateBuckets<int>.MaxKeys);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void Should_count_a_host_as_one_address(string address, string key) =>
        Assert.Equal(key, ClientAddress.Of(IPAddress.Parse(address)));
}
