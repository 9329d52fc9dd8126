using ChatAi.ChatNode.Api.Admin;
using ChatAi.ChatNode.Operators;
using ChatAi.ChatNode.Telemetry;

namespace ChatAi.Actors.Tests.Operators;

/// <summary>What needs no server to be seen.</summary>
public sealed class OperatorRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Should_count_the_lag_from_the_first_look_that_saw_more()
    {
        var clock = new LagClock();
        Assert.Equal(TimeSpan.Zero, clock.Look(10, 10, Noon));
        Assert.Equal(TimeSpan.Zero, clock.Look(20, 10, Noon.AddSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Look(30, 15, Noon.AddSeconds(10)));
        // Past what the first of them saw: the second counts.
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Look(30, 20, Noon.AddSeconds(15)));
        Assert.Equal(TimeSpan.FromSeconds(60), clock.Look(30, 20, Noon.AddSeconds(70)));
        Assert.Equal(TimeSpan.Zero, clock.Look(30, 30, Noon.AddSeconds(75)));
    }

    [Theory]
    [InlineData("+4915112345678", "+…78")]
    [InlineData("GET /v1/users/lookup?phone=0151%2012345&x=1 y", "GET /v1/users/lookup?phone=…&x=1 y")]
    [InlineData(
        "[akka://chatai/system/sharding/phones/12/+12025550123#4]",
        "[akka://chatai/system/sharding/phones/12/+…23#4]"
    )]
    [InlineData("1 + 234567890 and 0.1.0+0123abcd", "1 + 234567890 and 0.1.0+0123abcd")]
    [InlineData("2026-11-24T13:53:15+01:00", "2026-11-24T13:53:15+01:00")]
    public void Should_shorten_phone_numbers_and_nothing_else(string text, string shown) =>
        Assert.Equal(shown, PhoneNumberMask.Apply(text));

    [Fact]
    public void Should_take_akkas_lines_apart()
    {
        const string line = "[WARNING][11/24/2026 13:53:22.008Z][Thread 0005][akka.tcp://chatai@h:1/user/a] No [x] y";
        Assert.Equal(("akka.tcp://chatai@h:1/user/a", "No [x] y"), AkkaLine.Split("Akka.Actor.ActorSystem", line));
        Assert.Equal((null, line), AkkaLine.Split("Other", line));
        Assert.Equal((null, "[a] b"), AkkaLine.Split("Akka", "[a] b"));
        Assert.Equal((null, ""), AkkaLine.Split("Akka", ""));
    }

    [Theory]
    [InlineData("/v1/admin/audit", true, true)]
    [InlineData("/v1/admin/audit", false, false)]
    [InlineData("/metrics", false, false)]
    [InlineData("/STATUS/", false, false)]
    [InlineData("/v1/me", true, false)]
    [InlineData("/v1/administrators", false, true)]
    [InlineData("/health/ready", true, true)]
    [InlineData("/health/ready", false, true)]
    [InlineData("/", true, false)]
    public void Should_keep_operators_and_others_on_their_ports(string path, bool onOperatorsPort, bool allowed) =>
        Assert.Equal(allowed, OperatorPort.IsAllowed(path, onOperatorsPort));
}
