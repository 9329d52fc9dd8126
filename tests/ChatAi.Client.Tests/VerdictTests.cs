using ChatAi.Conformance;

namespace ChatAi.Client.Tests;

public sealed class VerdictTests
{
    private static readonly Guid Chat = Guid.CreateVersion7();
    private static readonly Shown One = new(Chat, 1, Guid.CreateVersion7(), "one");
    private static readonly Shown Two = new(Chat, 2, Guid.CreateVersion7(), "two");

    [Fact]
    public void Should_find_nothing_where_all_is_right() => Assert.True(Of([One, Two], [One, Two], [One, Two]).IsClean);

    [Fact]
    public void Should_find_what_was_never_shown() => Assert.Single(Of([One, Two], [One], [One, Two]).Lost);

    [Fact]
    public void Should_find_what_was_never_stored_though_confirmed() =>
        Assert.Contains("never stored: two", Of([One, Two], [One], [One]).Lost);

    [Fact]
    public void Should_find_what_was_shown_twice() =>
        Assert.Single(Of([One, Two], [One, Two, Two], [One, Two]).Doubled);

    [Fact]
    public void Should_find_what_was_stored_twice() =>
        Assert.Single(Of([One], [One, Two], [One, Two with { Text = "one" }]).Doubled);

    [Fact]
    public void Should_find_what_was_shown_too_early() =>
        Assert.Single(Of([One, Two], [Two, One], [One, Two]).Misordered);

    [Fact]
    public void Should_find_what_was_stored_in_another_order_than_it_was_written() =>
        Assert.Single(Of([Two, One], [One, Two], [One, Two]).Misordered);

    private static Verdict Of(Shown[] ordered, Shown[] shown, Shown[] stored) =>
        Verdict.Of(
            new Observed(
                ordered,
                ordered.Select(one => one.Cid).ToHashSet(),
                shown,
                [.. stored.Select(one => new Stored(one.Chat, one.Seq, one.Cid, one.Text))]
            )
        );
}
