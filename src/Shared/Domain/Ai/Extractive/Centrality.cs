using ChatAi.Shared.Domain.Ai.Grouping;

namespace ChatAi.Shared.Domain.Ai.Extractive;

/// <summary>
/// How central each line is to its conversation: continuous LexRank (Erkan and Radev 2004), the stationary
/// distribution of a walk over lines that goes where words are shared, here also where a line answers another.
/// Only near lines are compared, so a long conversation costs no more than its length.
/// </summary>
internal static class Centrality
{
    private const int Band = 60;
    private const int Rounds = 25;
    private const double Damping = 0.85;
    private const double Reply = 0.3;

    /// <summary>One figure a line, 1 on average.</summary>
    public static double[] Of(IReadOnlyList<LineFacts> lines)
    {
        var n = lines.Count;
        var edges = Edges(lines);
        var outgoing = new double[n];
        foreach (var (a, b, weight) in edges)
        {
            outgoing[a] += weight;
            outgoing[b] += weight;
        }

        var rank = new double[n];
        Array.Fill(rank, 1);
        for (var round = 0; round < Rounds; round++)
        {
            var next = new double[n];
            Array.Fill(next, 1 - Damping);
            foreach (var (a, b, weight) in edges)
            {
                next[a] += Damping * rank[b] * weight / outgoing[b];
                next[b] += Damping * rank[a] * weight / outgoing[a];
            }

            rank = next;
        }

        return rank;
    }

    private static List<(int A, int B, double Weight)> Edges(IReadOnlyList<LineFacts> lines)
    {
        var edges = new List<(int, int, double)>();
        for (var b = 0; b < lines.Count; b++)
        for (var a = Math.Max(0, b - Band); a < b; a++)
        {
            var weight = lines[a].Similarity(lines[b]) + (lines[b].Parent == lines[a].Index ? Reply : 0);
            if (weight > 0)
                edges.Add((a, b, weight));
        }

        return edges;
    }
}
