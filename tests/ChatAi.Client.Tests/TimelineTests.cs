using ChatAi.Client.Connection;
using ChatAi.Client.Delivery;

namespace ChatAi.Client.Tests;

public sealed class TimelineTests
{
    private static readonly Guid Chat = Guid.CreateVersion7();

    [Fact]
    public void Should_hand_out_each_number_once_and_in_order()
    {
        var timeline = new Timeline();
        timeline.Follow(Chat, 3);
        Assert.Equal(
            [4, 5],
            new long[] { 2, 3, 4, 4, 6, 5, 7 }
                .Where(seq => timeline.Offer(Event(seq)))
                .Take(2)
        );
    }

    [Fact]
    public void Should_be_behind_until_the_gap_is_read()
    {
        var timeline = new Timeline();
        timeline.Follow(Chat, 0);
        Assert.False(timeline.Offer(Event(3)));
        Assert.Equal([Chat], timeline.Behind);
        Assert.True(timeline.Accept(Event(2)));
        Assert.True(timeline.Accept(Event(3)));
        Assert.False(timeline.Accept(Event(3)));
        Assert.Empty(timeline.Behind);
    }

    [Fact]
    public void Should_keep_the_place_of_a_chat_that_is_followed()
    {
        var timeline = new Timeline();
        Assert.True(timeline.Follow(Chat, 5));
        Assert.False(timeline.Follow(Chat, 9));
        Assert.Equal(5, timeline.At(Chat));
    }

    [Theory]
    [InlineData(null, AfterClose.Reconnect)]
    [InlineData(1000, AfterClose.Reconnect)]
    [InlineData(1012, AfterClose.Reconnect)]
    [InlineData(4001, AfterClose.Reconnect)]
    [InlineData(4008, AfterClose.Reconnect)]
    [InlineData(4501, AfterClose.RenewToken)]
    [InlineData(4503, AfterClose.Stop)]
    [InlineData(4506, AfterClose.Stop)]
    internal void Should_do_what_the_close_code_asks(int? code, AfterClose next) =>
        Assert.Equal(next, CloseCodes.After(code));

    [Theory]
    [InlineData(0, 0.0, 250)]
    [InlineData(0, 1.0, 500)]
    [InlineData(3, 0.5, 3000)]
    [InlineData(40, 1.0, 10_000)]
    public void Should_double_the_pause_up_to_the_longest(int attempt, double random, double milliseconds) =>
        Assert.Equal(
            milliseconds,
            Backoff.Pause(attempt, random, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10)).TotalMilliseconds
        );

    private static ChatEvent Event(long seq) => new("message.created", Chat, seq, default, default);
}
