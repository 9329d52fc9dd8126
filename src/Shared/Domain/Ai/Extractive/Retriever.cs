using ChatAi.Shared.Domain.Ai.Grouping;
using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Extractive;

/// <summary>
/// Finds the messages that a question is about: BM25 over their words, the answers of a matching question counted
/// with it, and the question that a found answer belongs to brought along. Where a person is named, what they wrote
/// comes first. Finds nothing rather than something that shares a stray word.
/// </summary>
internal static class Retriever
{
    /// <summary>A message must have this share of the question's words, weighed by how rare they are.</summary>
    private const double LeastCoverage = 0.34;

    /// <summary>Hits this much weaker than the best are noise.</summary>
    private const double LeastOfBest = 0.4;
    private const int NearLines = 30;
    private const int MostAnswers = 3;
    private const double AnswerOfMatch = 0.8;
    private const double QuestionDiscount = 0.7;
    private const double AuthorBonus = 2.5;

    public static IReadOnlyList<Digest> Find(
        IReadOnlyList<TranscriptLine> lines,
        Func<TranscriptLine, bool> mayQuote,
        string question,
        int maxQuotes
    )
    {
        var grouper = new ConversationGrouper();
        foreach (var line in lines.OrderBy(l => l.Seq))
            grouper.Add(line);
        var facts = grouper.State.Lines;
        var asked = Stems.Content(question).Distinct(StringComparer.Ordinal).ToList();
        var people = grouper.State.Named(question);
        var onlyNames = people.Count > 0 && Words.Content(question).TrueForAll(grouper.State.IsName);
        var scores = onlyNames ? LastWords(facts, mayQuote, people) : Scores(facts, mayQuote, asked, people);
        return Gather(facts, mayQuote, Chosen(facts, mayQuote, scores, maxQuotes));
    }

    private static double[] Scores(
        IReadOnlyList<LineFacts> facts,
        Func<TranscriptLine, bool> mayQuote,
        List<string> asked,
        IReadOnlyList<int> people
    )
    {
        var index = new Bm25(facts.Select(f => Stems.Content(f.Line.Text)));
        var scores = new double[facts.Count];
        var all = asked.Sum(index.Idf);
        for (var i = 0; i < facts.Count; i++)
        {
            var f = facts[i];
            var known = asked.Where(s => index.Has(i, s) || (f.Parent != i && index.Has(f.Parent, s))).Sum(index.Idf);
            if (!mayQuote(f.Line) || known < LeastCoverage * all || IsSameQuestion(f, asked))
                continue;
            scores[i] =
                index.Score(i, asked)
                * (f.IsQuestion ? QuestionDiscount : 1)
                * (people.Contains(f.Author) ? AuthorBonus : 1);
        }

        for (var i = 0; i < facts.Count; i++)
        {
            var parent = facts[i].Parent;
            if (
                parent != i
                && facts[parent].IsQuestion
                && mayQuote(facts[i].Line)
                && facts[i].Author != facts[parent].Author
            )
                scores[i] = Math.Max(scores[i], AnswerOfMatch * index.Score(parent, asked) * Covered(parent));
        }

        return scores;

        double Covered(int i) => asked.Where(s => index.Has(i, s)).Sum(index.Idf) >= LeastCoverage * all ? 1 : 0;
    }

    /// <summary>The asker's own earlier try, or another's: worth quoting only for its answers.</summary>
    private static bool IsSameQuestion(LineFacts f, List<string> asked) =>
        f.IsQuestion && f.Answers == 0 && asked.ToHashSet().SetEquals(Stems.Content(f.Line.Text));

    /// <summary>"What did Bob say?" names nobody's subject: Bob's latest messages of some substance.</summary>
    private static double[] LastWords(
        IReadOnlyList<LineFacts> facts,
        Func<TranscriptLine, bool> mayQuote,
        IReadOnlyList<int> people
    ) =>
        [
            .. facts.Select(f =>
                mayQuote(f.Line) && people.Contains(f.Author) && f.Terms.Length > 1
                    ? 1 + (double)f.Index / facts.Count
                    : 0
            ),
        ];

    private static SortedSet<int> Chosen(
        IReadOnlyList<LineFacts> facts,
        Func<TranscriptLine, bool> mayQuote,
        double[] scores,
        int maxQuotes
    )
    {
        var chosen = new SortedSet<int>();
        var best = scores.DefaultIfEmpty(0).Max();
        var ranked = Enumerable
            .Range(0, facts.Count)
            .Where(i => scores[i] > 0 && scores[i] >= LeastOfBest * best)
            .OrderByDescending(i => scores[i])
            .ThenByDescending(i => i);
        foreach (var i in ranked)
        {
            if (chosen.Count >= maxQuotes)
                break;
            chosen.Add(i);
            chosen.UnionWith(Neighbours(facts, i, mayQuote).Take(maxQuotes - chosen.Count));
        }

        return chosen;
    }

    /// <summary>The question a hit answers, or what others next said of substance to a hit that asks.</summary>
    private static IEnumerable<int> Neighbours(
        IReadOnlyList<LineFacts> facts,
        int hit,
        Func<TranscriptLine, bool> mayQuote
    )
    {
        var f = facts[hit];
        if (f.Parent != hit && facts[f.Parent].IsQuestion && mayQuote(facts[f.Parent].Line))
            return [f.Parent];
        if (!f.IsQuestion)
            return [];
        return Enumerable
            .Range(hit + 1, Math.Min(facts.Count, hit + NearLines) - hit - 1)
            .Where(i =>
                facts[i].Conversation == f.Conversation
                && facts[i].Author != f.Author
                && facts[i].Terms.Length > 0
                && mayQuote(facts[i].Line)
            )
            .Take(MostAnswers);
    }

    private static IReadOnlyList<Digest> Gather(
        IReadOnlyList<LineFacts> facts,
        Func<TranscriptLine, bool> mayQuote,
        SortedSet<int> chosen
    ) =>
        [
            .. chosen
                .GroupBy(i => facts[i].Conversation)
                .Select(g => new Digest(
                    [.. facts.Where(f => f.Conversation == g.Key && mayQuote(f.Line))],
                    [.. g.Select(i => facts[i])]
                ))
                .OrderBy(d => d.Chosen[0].Index),
        ];
}
