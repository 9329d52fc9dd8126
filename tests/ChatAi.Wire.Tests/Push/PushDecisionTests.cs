using System.Text;
using ChatAi.ChatNode.Push;
using ChatAi.Shared.Domain;

namespace ChatAi.Wire.Tests.Push;

public sealed class PushDecisionTests
{
    private static readonly DateTimeOffset Sent = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly OutboxRow Row = new("c", "u", "d", 7, Sent, 0);
    private static readonly Reach Offline = new(false, false);

    private static readonly PushFacts Unread = new(
        1,
        Recv: 6,
        Read: 6,
        1,
        false,
        "Plans",
        default,
        new UserId(Guid.CreateVersion7(Sent)),
        false,
        "hi",
        "Ada",
        false
    );

    [Fact]
    public void Should_send_what_an_absent_member_has_neither_read_nor_received() =>
        Assert.IsType<PushDecision.Send>(Decide(Unread, Offline));

    [Fact]
    public void Should_drop_what_nobody_needs_to_hear_any_more()
    {
        Assert.Equal("read", Dropped(Unread with { Read = 7 }, Offline));
        Assert.Equal("received", Dropped(Unread with { Recv = 7 }, Offline));
        Assert.Equal("muted", Dropped(Unread with { Muted = true }, Offline));
        Assert.Equal("deleted", Dropped(Unread with { Deleted = true }, Offline));
        Assert.Equal("not_member", Dropped(null, Offline));
        Assert.Equal("not_member", Dropped(Unread with { From = 8 }, Offline));
        Assert.Equal("blocked", Dropped(Unread, new Reach(false, true)));
        Assert.Equal("expired", Dropped(Unread, Offline, TimeSpan.FromDays(2)));
    }

    [Fact]
    public void Should_believe_a_session_that_says_nothing_only_when_it_has_outlived_its_pings()
    {
        var online = new Reach(true, false);
        Assert.IsType<PushDecision.Wait>(Decide(Unread, online, TimeSpan.FromSeconds(39)));
        Assert.Equal("received", Dropped(Unread, online, TimeSpan.FromSeconds(40)));
    }

    [Fact]
    public void Should_wait_longer_after_each_failure_up_to_the_cap_and_not_all_at_once()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(600));
        Assert.Equal(TimeSpan.FromSeconds(1), backOff.After(1, 0));
        Assert.Equal(TimeSpan.FromSeconds(2), backOff.After(1, 1));
        Assert.Equal(TimeSpan.FromSeconds(4), backOff.After(3, 0));
        Assert.Equal(TimeSpan.FromSeconds(600), backOff.After(1_000, 1));
    }

    [Fact]
    public void Should_sign_as_the_example_of_standard_webhooks_is_signed()
    {
        // The example of the reference implementations.
        var secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            SignedWebhook.Signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                Encoding.UTF8.GetBytes("{\"test\": 2432232314}"),
                secret
            )
        );
    }

    private static PushDecision Decide(PushFacts? facts, Reach reach, TimeSpan? age = null) =>
        PushDecision.Of(Row, facts, reach, Sent + (age ?? TimeSpan.FromSeconds(2)), TimeSpan.FromDays(1));

    private static string Dropped(PushFacts? facts, Reach reach, TimeSpan? age = null) =>
        Assert.IsType<PushDecision.Drop>(Decide(facts, reach, age)).Why;
}
