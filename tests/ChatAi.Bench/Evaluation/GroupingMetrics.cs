namespace ChatAi.Bench.Evaluation;

/// <summary>Counts of one file, addable. Sums over files are micro averages; the scaled VI is the mean of the files.</summary>
/// <param name="Predicted">Predicted reply links, a line that starts anew counting as a link to itself.</param>
/// <param name="Gold">Annotated reply links.</param>
/// <param name="Right">Links in both.</param>
/// <param name="Lines">Annotated lines.</param>
/// <param name="ScaledViSum">1 − VI / log2(n) of a file with n annotated lines (Meilă 2003; scaled as in Kummerfeld et al. 2019).</param>
/// <param name="Files">How many files are summed up.</param>
/// <param name="PredictedConversations">Predicted conversations of more than one line.</param>
/// <param name="GoldConversations">Annotated conversations of more than one line.</param>
/// <param name="Exact">Conversations of more than one line with the very same lines in both.</param>
internal sealed record GroupingScore(
    int Predicted,
    int Gold,
    int Right,
    int Lines,
    double ScaledViSum,
    int Files,
    int PredictedConversations,
    int GoldConversations,
    int Exact
)
{
    public double Precision => Ratio(Right, Predicted);
    public double Recall => Ratio(Right, Gold);
    public double LinkF1 => Ratio(2 * Right, Predicted + Gold);
    public double ExactPrecision => Ratio(Exact, PredictedConversations);
    public double ExactRecall => Ratio(Exact, GoldConversations);
    public double ExactF1 => Ratio(2 * Exact, PredictedConversations + GoldConversations);

    public double ScaledVi => Files == 0 ? 0 : ScaledViSum / Files;

    private static double Ratio(int a, int b) => b == 0 ? 0 : (double)a / b;
}

/// <summary>The measures the disentanglement literature reports: reply links, variation of information, exact match.</summary>
internal static class GroupingMetrics
{
    /// <param name="gold">For each annotated line the lines it answers.</param>
    /// <param name="predicted">For each annotated line its one predicted parent; itself for a start.</param>
    public static GroupingScore Score(
        IReadOnlyDictionary<int, IReadOnlyList<int>> gold,
        IReadOnlyDictionary<int, int> predicted
    )
    {
        var annotated = gold.Keys.Order().ToList();
        var goldClusters = Clusters(annotated, gold.SelectMany(g => g.Value.Select(p => (p, g.Key))));
        var ownClusters = Clusters(annotated, predicted.Select(p => (p.Value, p.Key)));
        var goldSets = Sets(annotated, goldClusters);
        var ownSets = Sets(annotated, ownClusters);
        return new GroupingScore(
            annotated.Count,
            gold.Values.Sum(g => g.Count),
            annotated.Count(i => gold[i].Contains(predicted[i])),
            annotated.Count,
            annotated.Count < 2 ? 1 : 1 - Vi(annotated, goldClusters, ownClusters) / Math.Log2(annotated.Count),
            1,
            ownSets.Count,
            goldSets.Count,
            goldSets.Intersect(ownSets).Count()
        );
    }

    /// <summary>H(A|B) + H(B|A) in bits over the annotated lines.</summary>
    private static double Vi(List<int> lines, Dictionary<int, int> a, Dictionary<int, int> b)
    {
        double n = lines.Count;
        var sizeA = lines.CountBy(l => a[l]).ToDictionary();
        var sizeB = lines.CountBy(l => b[l]).ToDictionary();
        return lines
            .CountBy(l => (A: a[l], B: b[l]))
            .Sum(both =>
                -both.Value
                / n
                * (
                    Math.Log2((double)both.Value / sizeA[both.Key.A])
                    + Math.Log2((double)both.Value / sizeB[both.Key.B])
                )
            );
    }

    private static HashSet<string> Sets(List<int> lines, Dictionary<int, int> clusters) =>
        [.. lines.GroupBy(l => clusters[l]).Where(g => g.Count() > 1).Select(g => string.Join(',', g.Order()))];

    /// <summary>The representative of each annotated line's connected component.</summary>
    private static Dictionary<int, int> Clusters(List<int> lines, IEnumerable<(int A, int B)> links)
    {
        var up = new Dictionary<int, int>();
        foreach (var (a, b) in links)
            up[Find(a)] = Find(b);
        return lines.ToDictionary(l => l, Find);

        int Find(int x)
        {
            if (!up.TryGetValue(x, out var parent))
                return up[x] = x;
            return parent == x ? x : up[x] = Find(parent);
        }
    }
}
