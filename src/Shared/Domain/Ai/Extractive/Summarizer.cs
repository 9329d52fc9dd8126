using ChatAi.Shared.Domain.Ai.Grouping;

namespace ChatAi.Shared.Domain.Ai.Extractive;

/// <summary>
/// A conversation's lines that may be quoted with those chosen to stand for it, both in the order they were written.
/// </summary>
internal sealed record Digest(IReadOnlyList<LineFacts> Lines, IReadOnlyList<LineFacts> Chosen);

/// <summary>
/// Chooses the telling messages. Quotes are shared out among the conversations by highest averages (as seats are
/// after an election, d'Hondt); within one, lines are taken by centrality (<see cref="Centrality"/>), position and
/// question-answer pairs, and against repetition by maximal marginal relevance (Carbonell and Goldstein 1998).
/// </summary>
internal static class Summarizer
{
    private const double Relevance = 0.7;
    private const int MostOfOne = 4;

    /// <summary>
    /// Chooses at most <paramref name="maxQuotes"/> of the lines <paramref name="mayQuote"/> admits; the others
    /// still tell what belongs together.
    /// </summary>
    public static IReadOnlyList<Digest> Choose(
        IReadOnlyList<TranscriptLine> lines,
        Func<TranscriptLine, bool> mayQuote,
        Focus focus,
        int maxQuotes
    )
    {
        var grouper = new ConversationGrouper();
        foreach (var line in lines.OrderBy(l => l.Seq))
            grouper.Add(line);
        var conversations = grouper
            .State.Lines.GroupBy(l => l.Conversation)
            .OrderBy(g => g.Key)
            .Select(g => Weigh([.. g], mayQuote, focus))
            .Where(c => c.Quotable > 0)
            .ToList();
        return
        [
            .. Seats(conversations, maxQuotes)
                .Select(
                    (seats, i) =>
                        new Digest(
                            conversations[i].Lines.Where(l => mayQuote(l.Line)).ToList(),
                            Pick(conversations[i], seats)
                        )
                )
                .Where(d => d.Chosen.Count > 0)
                .OrderBy(d => d.Chosen[0].Index),
        ];
    }

    private sealed record Weighed(IReadOnlyList<LineFacts> Lines, double[] Scores, int Quotable, double Weight);

    private static Weighed Weigh(IReadOnlyList<LineFacts> lines, Func<TranscriptLine, bool> mayQuote, Focus focus)
    {
        var central = Centrality.Of(lines);
        var scores = new double[lines.Count];
        var quotable = 0;
        double content = 0;
        double asked = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!mayQuote(lines[i].Line))
                continue;
            quotable++;
            content += Math.Min(12, lines[i].Terms.Length);
            var share = focus.Share(lines[i].Line.Text);
            asked = Math.Max(asked, share);
            scores[i] = central[i] * Substance(lines[i]) * (1 + 2 * share) * Place(lines, i);
        }

        var people = lines.Select(l => l.Author).Distinct().Count();
        var weight = Math.Sqrt(content) * (1 + 0.25 * Math.Min(4, people - 1)) * (1 + 4 * asked);
        return new Weighed(lines, scores, quotable, lines.Count == 1 ? weight * 0.4 : weight);
    }

    /// <summary>"ok" and "thanks" tell little; six words of content are enough.</summary>
    private static double Substance(LineFacts line) =>
        (0.1 + 0.9 * Math.Min(1, line.Terms.Length / 6.0)) * (line.IsGreeting && line.Terms.Length < 3 ? 0.3 : 1);

    /// <summary>What opened the talk, what was answered most, and how it ended.</summary>
    private static double Place(IReadOnlyList<LineFacts> lines, int i) =>
        1
        + (i == 0 ? 0.9 : 0)
        + (lines[i].IsQuestion && lines[i].Answers > 0 ? 0.3 : 0)
        + Math.Min(0.3, 0.1 * lines[i].Answers)
        + (i >= lines.Count - 2 && lines.Count > 3 ? 0.2 : 0);

    private static int[] Seats(List<Weighed> conversations, int maxQuotes)
    {
        var seats = new int[conversations.Count];
        var most = Math.Max(MostOfOne, maxQuotes / Math.Max(1, conversations.Count));
        for (var given = 0; given < maxQuotes; given++)
        {
            var best = -1;
            double top = 0;
            for (var i = 0; i < seats.Length; i++)
            {
                if (seats[i] >= Math.Min(most, conversations[i].Quotable))
                    continue;
                // The second seat comes easily: a question without its answer tells little.
                var average =
                    conversations[i].Weight
                    / (
                        seats[i] switch
                        {
                            0 => 1,
                            1 => 1.3,
                            var s => s + 1,
                        }
                    );
                if (average > top)
                    (best, top) = (i, average);
            }

            if (best < 0)
                break;
            seats[best]++;
        }

        return seats;
    }

    private static List<LineFacts> Pick(Weighed conversation, int seats)
    {
        var (lines, scores) = (conversation.Lines, (double[])conversation.Scores.Clone());
        var top = scores.Max();
        var nearest = new double[lines.Count];
        var chosen = new SortedSet<int>();
        while (chosen.Count < seats && top > 0)
        {
            var best = -1;
            var value = double.NegativeInfinity;
            for (var i = 0; i < lines.Count; i++)
            {
                if (scores[i] <= 0 || chosen.Contains(i))
                    continue;
                var v = Relevance * scores[i] / top - (1 - Relevance) * nearest[i];
                if (v > value)
                    (best, value) = (i, v);
            }

            if (best < 0)
                break;
            chosen.Add(best);
            for (var i = 0; i < lines.Count; i++)
            {
                nearest[i] = Math.Max(nearest[i], lines[i].Similarity(lines[best]));
                if (IsPair(lines[best], lines[i]) || IsPair(lines[i], lines[best]))
                    scores[i] *= 1.5;
            }
        }

        return [.. chosen.Select(i => lines[i])];
    }

    private static bool IsPair(LineFacts question, LineFacts answer) =>
        question.IsQuestion && answer.Parent == question.Index && answer.Author != question.Author;
}
