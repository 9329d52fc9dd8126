using ChatAi.ChatNode.Projections;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.ReadModel.Tests;

public sealed class GapGuardTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly GapGuard _guard;

    public GapGuardTests() => _guard = new GapGuard(TimeSpan.FromSeconds(10), _time);

    [Fact]
    public void Should_admit_what_follows_without_a_gap() => Assert.Equal(3, Admit(4, 5, 6, 7));

    [Fact]
    public void Should_hold_back_what_lies_beyond_a_gap_until_it_is_filled()
    {
        Assert.Equal(1, Admit(4, 5, 7, 8));
        Assert.Equal(0, Admit(5, 7, 8));
        Assert.True(_guard.IsWaiting);
        Assert.Equal(3, Admit(5, 6, 7, 8));
        Assert.False(_guard.IsWaiting);
    }

    [Fact]
    public void Should_give_a_gap_up_after_the_longest_commit()
    {
        Assert.Equal(0, Admit(5, 7, 8));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Admit(5, 7, 8, 9));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, Admit(5, 7, 8, 9));
    }

    [Fact]
    public void Should_wait_for_several_gaps_at_the_same_time()
    {
        Assert.Equal(0, Admit(0, 2, 4, 9));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, Admit(0, 2, 4, 9));
    }

    [Fact]
    public void Should_wait_anew_for_what_is_still_missing_before_a_late_arrival()
    {
        Assert.Equal(0, Admit(0, 5));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(0, Admit(0, 3, 5));
        _time.Advance(TimeSpan.FromSeconds(4));
        // What lay before 5 has had its time; what lies before 3 was seen to be late only 4 s ago.
        Assert.Equal(0, Admit(0, 3, 5));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(2, Admit(0, 3, 5));
    }

    [Fact]
    public void Should_not_wait_where_numbers_come_in_the_order_of_commits() =>
        Assert.Equal(2, new GapGuard(TimeSpan.Zero, _time).Admit(0, [3, 9]));

    [Fact]
    public void Should_give_a_gap_up_when_all_who_wrote_when_it_was_seen_have_ended()
    {
        Assert.Equal(0, Admit(5, 7));
        _guard.StillWriting(["3/11", "4/2"]);
        Assert.Equal(0, Admit(5, 7));
        _guard.StillWriting(["4/2", "5/1"]);
        Assert.Equal(0, Admit(5, 7));
        // 5/1 came later and has numbers of its own.
        _guard.StillWriting(["5/1"]);
        Assert.Equal(1, Admit(5, 7));
    }

    [Fact]
    public void Should_give_a_gap_up_at_the_next_look_when_nobody_writes()
    {
        Assert.Equal(0, Admit(5, 7));
        _guard.StillWriting([]);
        Assert.Equal(2, Admit(5, 7, 8));
    }

    [Fact]
    public void Should_take_what_came_before_its_writer_ended()
    {
        Assert.Equal(0, Admit(5, 7));
        _guard.StillWriting([]);
        Assert.Equal(2, Admit(5, 6, 7));
        Assert.False(_guard.IsWaiting);
    }

    private int Admit(long position, params long[] orderings) => _guard.Admit(position, orderings);
}
