using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Grouping;

namespace ChatAi.Bench.Evaluation;

/// <summary>The ways of grouping that are compared. Each gives, for every line, the <c>seq</c> it answers or null.</summary>
internal static class Groupers
{
    public static readonly IReadOnlyList<(
        string Name,
        Func<IReadOnlyList<TranscriptLine>, IEnumerable<long?>> Parents
    )> All =
    [
        ("previous message", Previous),
        ("three rules", ThreeRules),
        ("ConversationGrouper", lines => Ours(lines, new ConversationGrouper())),
    ];

    public static IEnumerable<long?> Previous(IReadOnlyList<TranscriptLine> lines) =>
        lines.Select((_, i) => i == 0 ? (long?)null : lines[i - 1].Seq);

    /// <summary>
    /// A line that opens with a name answers that person's last line; else it follows its author's own last line or
    /// the last one addressed to its author, whichever is later; else it starts anew.
    /// </summary>
    public static IEnumerable<long?> ThreeRules(IReadOnlyList<TranscriptLine> lines)
    {
        var last = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var addressed = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var opening = line.Text.TrimStart().Split([' ', ',', ':', '\t'], 2)[0].TrimStart('@');
            var named = opening.Length > 0 && last.ContainsKey(opening) && !Same(opening, line.SenderName);
            long? parent =
                named ? last[opening]
                : last.TryGetValue(line.SenderName, out var own)
                    ? addressed.TryGetValue(line.SenderName, out var to) ? Math.Max(own, to)
                        : own
                : addressed.TryGetValue(line.SenderName, out var first) ? first
                : null;
            if (named)
                addressed[opening] = line.Seq;
            last[line.SenderName] = line.Seq;
            yield return parent;
        }

        static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    public static IEnumerable<long?> Ours(IReadOnlyList<TranscriptLine> lines, ConversationGrouper grouper) =>
        lines.Select(grouper.Add);

    /// <summary>Scores one way on one log. System lines stand alone for every way, as they are annotated.</summary>
    public static GroupingScore Score(
        IrcTranscript log,
        Func<IReadOnlyList<TranscriptLine>, IEnumerable<long?>> parents
    )
    {
        var predicted = log.Gold.Keys.ToDictionary(i => i, i => i);
        foreach (var (line, parent) in log.Lines.Zip(parents(log.Lines)))
        {
            var index = (int)line.Seq - 1;
            if (predicted.ContainsKey(index))
                predicted[index] = parent is { } p ? (int)p - 1 : index;
        }

        return GroupingMetrics.Score(log.Gold, predicted);
    }

    public static GroupingScore Sum(IEnumerable<GroupingScore> scores) =>
        scores.Aggregate(
            (a, b) =>
                new GroupingScore(
                    a.Predicted + b.Predicted,
                    a.Gold + b.Gold,
                    a.Right + b.Right,
                    a.Lines + b.Lines,
                    a.ScaledViSum + b.ScaledViSum,
                    a.Files + b.Files,
                    a.PredictedConversations + b.PredictedConversations,
                    a.GoldConversations + b.GoldConversations,
                    a.Exact + b.Exact
                )
        );
}
