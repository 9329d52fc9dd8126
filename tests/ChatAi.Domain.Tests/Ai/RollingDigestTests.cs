using ChatAi.Shared.Domain.Ai;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class RollingDigestTests
{
    [Fact]
    public void Should_keep_old_quotes_and_add_the_telling_new_ones()
    {
        var lines = Transcripts.Lines(
            ("ann", "the release is planned for Thursday at noon"),
            ("bob", "ok"),
            ("bob", "the build server needs a new certificate before the release"),
            ("ann", "I order the certificate today")
        );
        var fold = RollingDigest.Fold("eve: the budget is 400 euros [#0]", lines, 2);
        Assert.Equal(
            "eve: the budget is 400 euros [#0]\n"
                + "ann: the release is planned for Thursday at noon [#1]\n"
                + "bob: the build server needs a new certificate before the release [#3]",
            fold.Text
        );
        Assert.Equal([0L, 1L, 3L], fold.Cites);
    }

    [Fact]
    public void Should_leave_the_live_tail_alone()
    {
        var lines = Transcripts.Lines(("ann", "a"), ("bob", "b"), ("ann", "c"), ("bob", "d"));
        Assert.Equal(2, RollingDigest.Settled(lines, Transcripts.Start.AddMinutes(3.5)));
        Assert.Equal(4, RollingDigest.Settled(lines, Transcripts.Start.AddMinutes(5)));
        Assert.Equal(0, RollingDigest.Settled([], Transcripts.Start));
    }

    [Fact]
    public void Should_stay_bounded_ordered_and_repeatable_over_many_folds() =>
        Gen.Select(Transcripts.Gen, Gen.Int[1, 20], Gen.Int[0, 600])
            .Sample(
                (lines, chunk, maxChars) =>
                {
                    var fold = Run();
                    Assert.True(fold.Text.Length <= maxChars);
                    Assert.Equal(fold.Cites.Order().Distinct(), fold.Cites);
                    Assert.Equal(fold.Cites, RollingDigest.Quotes(fold.Text).Select(q => q.Seq));
                    Assert.All(fold.Cites, c => Assert.Contains(lines, l => l.Seq == c && !l.IsAi));
                    var again = Run();
                    Assert.Equal(fold.Text, again.Text);
                    Assert.Equal(fold.Cites, again.Cites);

                    RollingFold Run()
                    {
                        var summary = new RollingFold("", []);
                        foreach (var part in lines.Chunk(chunk))
                            summary = RollingDigest.Fold(summary.Text, part, 4, maxChars);
                        return summary;
                    }
                }
            );

    [Fact]
    public void Should_change_nothing_when_folded_with_nothing_new() =>
        Transcripts.Gen.Sample(lines =>
        {
            var fold = RollingDigest.Fold(null, lines);
            var again = RollingDigest.Fold(fold.Text, []);
            Assert.Equal(fold.Text, again.Text);
            Assert.Equal(fold.Cites, again.Cites);
        });
}
