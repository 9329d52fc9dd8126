using System.Net;
using ChatAi.Shared.Clustering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Nodes.Tests.Clustering;

public sealed class SeedNamesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Queue<string[]> _answers = [];
    private int _lookups;

    private SeedNames Names(int atLeast) =>
        new(new HostPort("seeds", 4053), atLeast, LookUpAsync, _time, NullLogger.Instance);

    private Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancel)
    {
        Assert.Equal("seeds", host);
        _lookups++;
        return Task.FromResult(
            (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek()).Select(IPAddress.Parse).ToArray()
        );
    }

    [Fact]
    public async Task Should_wait_for_the_name_and_until_its_addresses_no_longer_change()
    {
        _answers.Enqueue([]);
        _answers.Enqueue(["10.0.0.1"]);
        _answers.Enqueue(["10.0.0.1", "10.0.0.2"]);
        var settled = Names(1).SettledAsync(CancellationToken.None);
        while (!settled.IsCompleted)
        {
            _time.Advance(SeedNames.Pause);
            await Task.Yield();
        }

        Assert.Equal(["10.0.0.1:4053", "10.0.0.2:4053"], (await settled).Select(seed => seed.ToString()));
        Assert.Equal(2 + SeedNames.SameAnswers, _lookups);
    }

    [Fact]
    public async Task Should_not_settle_for_fewer_addresses_than_wanted()
    {
        _answers.Enqueue(["10.0.0.1"]);
        using var stop = new CancellationTokenSource();
        var settled = Names(2).SettledAsync(stop.Token);
        while (_lookups < 20)
        {
            _time.Advance(SeedNames.Pause);
            await Task.Yield();
        }

        Assert.False(settled.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => settled);
    }

    [Fact]
    public void Should_give_every_node_the_same_list()
    {
        IPAddress[] one =
        [
            .. new[] { "10.0.0.10", "10.0.0.9", "9.255.0.1", "10.0.0.9", "::1" }.Select(IPAddress.Parse),
        ];

        var seeds = SeedNames.Sorted(one, 4053);

        Assert.Equal(["9.255.0.1:4053", "10.0.0.9:4053", "10.0.0.10:4053"], seeds.Select(seed => seed.ToString()));
        Assert.Equal(seeds, SeedNames.Sorted(one.Reverse(), 4053));
    }
}
