using ChatAi.Bench.Evaluation;
using ChatAi.Testing.Irc;

namespace ChatAi.Domain.Tests.Ai;

public class GroupingQualityTests
{
    private static Dictionary<int, IReadOnlyList<int>> Gold(params (int Line, int[] Parents)[] links) =>
        links.ToDictionary(l => l.Line, l => (IReadOnlyList<int>)l.Parents);

    [Fact]
    public void Should_score_a_perfect_grouping_with_ones()
    {
        var gold = Gold((1, [1]), (2, [1]), (3, [3]), (4, [3]));
        var score = GroupingMetrics.Score(
            gold,
            new Dictionary<int, int>
            {
                [1] = 1,
                [2] = 1,
                [3] = 3,
                [4] = 3,
            }
        );
        Assert.Equal((1.0, 1.0, 1.0, 1.0), (score.LinkF1, score.ScaledVi, score.ExactF1, score.Precision));
    }

    [Fact]
    public void Should_score_by_hand_counted_figures()
    {
        // Annotated {1,2} {3,4}; predicted one conversation of all four: VI is H(gold) = 1 bit of log2(4) = 2.
        var gold = Gold((1, [1]), (2, [1]), (3, [3]), (4, [3, 2]));
        var joined = Gold((1, [1]), (2, [1]), (3, [3]), (4, [3]));
        var predicted = new Dictionary<int, int>
        {
            [1] = 1,
            [2] = 1,
            [3] = 2,
            [4] = 3,
        };
        Assert.Equal(0.5, GroupingMetrics.Score(joined, predicted).ScaledVi, 9);
        var score = GroupingMetrics.Score(gold, predicted);
        Assert.Equal((0.75, 0.6, 2 * 3 / 9.0), (score.Precision, score.Recall, score.LinkF1));
        Assert.Equal((1, 1, 1), (score.PredictedConversations, score.GoldConversations, score.Exact));
    }

    [Fact]
    public void Should_not_count_conversations_of_one_line_as_exact()
    {
        var gold = Gold((1, [1]), (2, [2]));
        Assert.Equal(0, GroupingMetrics.Score(gold, new Dictionary<int, int> { [1] = 1, [2] = 2 }).ExactF1);
    }

    /// <summary>The logs whose annotations the weights were not fitted on (see docs/assistant.md).</summary>
    [SkippableFact]
    public void Should_beat_the_three_rules_on_logs_it_was_not_fitted_on()
    {
        var folder = IrcData.FindFolder();
        Skip.If(folder is null, "no shared/data/irc at or above the repository");
        var held = IrcData.RawFiles(folder!).Where((_, i) => i % 2 == 1).Select(IrcTranscript.Read).ToList();
        var ours = Sum(lines => Groupers.Ours(lines, new()));
        var rules = Sum(Groupers.ThreeRules);
        Assert.True(ours.LinkF1 > 0.66 && ours.LinkF1 > rules.LinkF1 + 0.05, $"link F1 {ours.LinkF1}");
        Assert.True(ours.ScaledVi > 0.845 && ours.ScaledVi > rules.ScaledVi + 0.05, $"1 - VI {ours.ScaledVi}");
        Assert.True(ours.ExactF1 > 0.30 && ours.ExactF1 > rules.ExactF1 + 0.05, $"exact F1 {ours.ExactF1}");

        GroupingScore Sum(Func<IReadOnlyList<Shared.Domain.Ai.TranscriptLine>, IEnumerable<long?>> parents) =>
            Groupers.Sum(held.Select(log => Groupers.Score(log, parents)));
    }
}
