using ChatAi.Shared.Domain.Ai;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class TranscriptWindowTests
{
    [Fact]
    public void Should_keep_the_newest_fifty_oldest_first()
    {
        var lines = Transcripts.Lines(Enumerable.Range(1, 80).Select(i => ($"u{i % 3}", $"line {i}")));
        var window = TranscriptWindow.Last(lines);
        Assert.Equal(Enumerable.Range(31, 50).Select(i => (long)i), window.Select(l => l.Seq));
    }

    [Fact]
    public void Should_leave_out_a_line_larger_than_the_whole_budget()
    {
        var lines = Transcripts.Lines(("a", "first"), ("b", new string('x', 9000)), ("a", "last"));
        Assert.Equal([1L, 3L], TranscriptWindow.Last(lines, 50, 100).Select(l => l.Seq));
    }

    [Fact]
    public void Should_stay_within_both_budgets_and_miss_no_line_that_fits() =>
        Gen.Select(Transcripts.Gen, Gen.Int[0, 60], Gen.Int[0, 2000])
            .Sample(
                (lines, maxLines, maxTokens) =>
                {
                    var window = TranscriptWindow.Last(lines, maxLines, maxTokens);
                    Assert.True(window.Count <= maxLines);
                    Assert.True(window.Sum(TranscriptWindow.Cost) <= maxTokens);
                    Assert.Equal(window.OrderBy(l => l.Seq), window);
                    Assert.All(window, l => Assert.Contains(l, lines));
                    var fitting = lines.Where(l => TranscriptWindow.Cost(l) <= maxTokens).OrderBy(l => l.Seq).ToList();
                    Assert.Equal(fitting.TakeLast(window.Count), window);
                    if (window.Count < Math.Min(maxLines, fitting.Count))
                        Assert.True(
                            window.Sum(TranscriptWindow.Cost) + TranscriptWindow.Cost(fitting[^(window.Count + 1)])
                                > maxTokens
                        );
                }
            );
}
