using ChatAi.Bench.Delivery;
using ChatAi.Bench.Relay;

namespace ChatAi.Bench.Tests;

/// <summary>The load generator against the relay in this process, sound and made to misbehave.</summary>
public sealed class LoadChecksTests
{
    [Fact]
    public async Task Should_count_every_message_of_a_sound_relay_once()
    {
        var run = await LoadAsync(new RelayFaults());

        Assert.Equal("ok", run.Verdict);
        Assert.Equal(run.Sent, run.Delivered);
        Assert.True(run.Sent > 200, $"{run.Sent} sent");
        Assert.True(run.Delivery.P50 > 0);
        Assert.True(run.Delivery.P50 <= run.Delivery.P99 && run.Delivery.P99 <= run.Delivery.Max);
        Assert.Equal(0, run.Gaps);
    }

    [Fact]
    public async Task Should_void_a_run_that_lost_an_acknowledged_message()
    {
        var run = await LoadAsync(new RelayFaults(Drop: 50));

        Assert.True(run.Void);
        Assert.Equal(run.Sent - run.Delivered, run.Lost);
        Assert.True(run.Lost >= run.Sent / 50);
        Assert.True(run.Gaps > 0, "A hole before a later message must be asked for.");
        Assert.False(run.Sustained(limitMs: 1_000_000));
    }

    [Fact]
    public async Task Should_void_a_run_that_delivered_a_message_twice()
    {
        var run = await LoadAsync(new RelayFaults(Twice: 50));

        Assert.True(run.Void);
        Assert.Equal(run.Sent / 50, run.Doubled);
    }

    [Fact]
    public async Task Should_void_a_run_in_which_messages_overtook_each_other()
    {
        var run = await LoadAsync(new RelayFaults(Swap: 50));

        Assert.True(run.Void);
        Assert.True(run.Reordered > 0, run.Verdict);
    }

    [Fact]
    public async Task Should_store_before_it_acknowledges_when_the_relay_has_a_store()
    {
        var folder = Directory.CreateTempSubdirectory("chatai-bench-test-").FullName;
        try
        {
            var run = await LoadAsync(new RelayFaults(), new SqliteRelayStore(Path.Combine(folder, "relay.db")));

            Assert.Equal("ok", run.Verdict);
            Assert.Equal(run.Sent, run.Delivered);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Should_void_a_run_whose_server_goes_away()
    {
        var relay = await RelayServer.StartAsync("http://127.0.0.1:0");
        await using var fleet = await ConnectAsync(relay);
        var running = LoadRun.RunAsync(fleet, null, rate: 100, seconds: 30, textSize: 100);

        await relay.DisposeAsync();
        var run = await running;

        Assert.True(run.Void);
        Assert.NotNull(run.Broken);
        Assert.True(run.Sent < 3000, "It gives up rather than talk to nobody.");
    }

    private static async Task<RunResult> LoadAsync(RelayFaults faults, IRelayStore? store = null)
    {
        await using var relay = await RelayServer.StartAsync("http://127.0.0.1:0", store, faults);
        await using var fleet = await ConnectAsync(relay);
        return await LoadRun.RunAsync(fleet, null, rate: 600, seconds: 1, textSize: 100);
    }

    private static Task<LoadFleet> ConnectAsync(RelayServer relay)
    {
        var logins = Enumerable
            .Range(0, 8)
            .Select(_ => Guid.CreateVersion7())
            .Select(user => new Login(user, $"{user}"));
        return LoadFleet.ConnectAsync(relay.Url, [.. logins]);
    }
}
