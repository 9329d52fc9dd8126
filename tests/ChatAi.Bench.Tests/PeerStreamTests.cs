using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Tests;

public sealed class PeerStreamTests
{
    private readonly RunLedger _ledger = new(1, PoissonSchedule.Create(rate: 100, seconds: 1, senders: 1, seed: 1));

    [Fact]
    public void Should_take_messages_in_order()
    {
        var stream = new PeerStream(_ledger, peer: 0);

        Assert.False(stream.Take(0, seq: 10));
        Assert.False(stream.Take(1, seq: 12));

        Assert.Equal(2, _ledger.Deliveries);
        Assert.Equal(12, stream.LastSeq);
    }

    [Fact]
    public void Should_see_no_hole_where_the_server_refused_a_message()
    {
        var stream = new PeerStream(_ledger, peer: 0);
        stream.Take(0, seq: 10);
        _ledger.Refused(0, 1, "shard_unavailable");
        _ledger.Refused(0, 2, "shard_unavailable");

        Assert.False(stream.Take(3, seq: 11));
        Assert.Equal(2, _ledger.Deliveries);
        Assert.Equal(2, _ledger.Codes["shard_unavailable"]);
        Assert.True(stream.Take(5, seq: 13));
    }

    [Fact]
    public void Should_hold_back_what_comes_after_a_hole_until_it_is_filled()
    {
        var stream = new PeerStream(_ledger, peer: 0);
        stream.Take(0, seq: 10);

        Assert.True(stream.Take(2, seq: 12));
        Assert.Equal(1, _ledger.Deliveries);
        Assert.False(stream.Take(3, seq: 13)); // One question is enough.

        stream.TakeMissed(1, seq: 11);
        stream.TakeMissed(2, seq: 12);
        stream.GiveUpHoles();

        Assert.Equal(4, _ledger.Deliveries);
        Assert.Equal(0, _ledger.Reordered);
        Assert.Equal(0, _ledger.Doubled);
    }

    [Fact]
    public void Should_call_the_same_number_a_repeat_and_another_number_a_double()
    {
        var stream = new PeerStream(_ledger, peer: 0);
        stream.Take(0, seq: 10);

        stream.Take(0, seq: 10);
        stream.Take(0, seq: 11);

        Assert.Equal(1, _ledger.Repeats);
        Assert.Equal(1, _ledger.Doubled);
        Assert.Equal(1, _ledger.Deliveries);
    }

    [Fact]
    public void Should_notice_a_message_that_was_overtaken()
    {
        var stream = new PeerStream(_ledger, peer: 0);
        stream.Take(1, seq: 11);

        stream.Take(0, seq: 10);

        Assert.Equal(1, _ledger.Reordered);
        Assert.Equal(2, _ledger.Deliveries);
    }

    [Fact]
    public void Should_notice_a_message_that_comes_after_its_place_was_given_up()
    {
        var stream = new PeerStream(_ledger, peer: 0);
        stream.Take(1, seq: 11);
        stream.GiveUpHoles();

        stream.Take(0, seq: 10);

        Assert.Equal(1, _ledger.Reordered);
    }
}
