using ChatAi.Testing;

namespace ChatAi.Bench.Tests;

public sealed class ChatTimelineTests
{
    private readonly ChatTimeline _timeline = new(Guid.CreateVersion7());

    [Fact]
    public void Should_show_each_number_once_and_in_order()
    {
        _timeline.StartAfter(0);

        Assert.Equal([1], Offer(1));
        Assert.Equal([], Offer(3));
        Assert.True(_timeline.HasGap);
        Assert.Equal([2, 3], Offer(2));
        Assert.Equal([], Offer(2));
        Assert.Equal([], Offer(3));

        Assert.False(_timeline.HasGap);
        Assert.Equal(2, _timeline.Duplicates);
        Assert.Equal(3, _timeline.LastSeq);
    }

    [Fact]
    public void Should_begin_where_it_first_hears_of_the_chat()
    {
        Assert.Equal([41], Offer(41));
        Assert.False(_timeline.HasGap);
    }

    [Fact]
    public void Should_know_that_it_is_behind_when_told_of_a_higher_head()
    {
        Offer(1);
        _timeline.Learn(head: 5);

        Assert.True(_timeline.HasGap);
    }

    [Fact]
    public void Should_not_wait_for_what_a_newcomer_is_never_shown()
    {
        _timeline.StartAfter(0);
        Offer(9);

        _timeline.PageBegins(firstSeq: 8);

        Assert.Equal([8, 9], Offer(8));
    }

    private IEnumerable<long> Offer(long seq) =>
        _timeline
            .Offer(new ChatEvent("message.created", _timeline.Chat, seq, null, default))
            .Select(shown => shown.Seq!.Value);
}
