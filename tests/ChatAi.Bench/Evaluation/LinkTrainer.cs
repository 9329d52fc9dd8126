using System.Globalization;
using System.Text;
using ChatAi.Shared.Domain.Ai.Grouping;

namespace ChatAi.Bench.Evaluation;

/// <summary>
/// Fits the weights of <see cref="LinkModel"/>: maximum likelihood of the annotated parents (the sum where a line has
/// several) under a softmax over the window, with an L2 penalty, by Adam over all lines at once. Features that depend
/// on earlier choices are taken from the model's own choices and computed anew each round (as DAgger does), so that
/// it learns on what it will meet.
/// </summary>
internal static class LinkTrainer
{
    private sealed record Choice(double[] Features, bool[] Gold);

    public static double[] Fit(IReadOnlyList<IrcTranscript> logs, double penalty, int rounds = 4, int steps = 300)
    {
        var weights = new double[LinkFeatures.Count];
        for (var round = 0; round < rounds; round++)
        {
            var model = new LinkModel(weights);
            var choices = logs.SelectMany(log => Choices(log, model, round == 0)).ToList();
            weights = Climb(weights, choices, penalty, steps);
        }

        return weights;
    }

    /// <summary>The annotated lines' candidates with their features; the first round follows the annotations.</summary>
    private static IEnumerable<Choice> Choices(IrcTranscript log, LinkModel model, bool followGold)
    {
        var grouper = new ConversationGrouper(model);
        foreach (var line in log.Lines)
        {
            var number = (int)line.Seq - 1;
            if (log.Gold.TryGetValue(number, out var gold) && Candidates(grouper.State, line, gold) is { } choice)
                yield return choice;
            var answered = followGold && gold is not null && gold[^1] != number ? gold[^1] + 1 : (long?)null;
            grouper.Add(answered is null ? line : line with { ReplyTo = answered });
        }
    }

    private static Choice? Candidates(
        GroupingState state,
        Shared.Domain.Ai.TranscriptLine line,
        IReadOnlyList<int> gold
    )
    {
        var m = state.Read(line);
        var from = Math.Max(0, m.Index - GroupingState.Window);
        var count = m.Index - from + 1;
        var features = new double[count * LinkFeatures.Count];
        var right = new bool[count];
        for (var i = from; i <= m.Index; i++)
        {
            var f = features.AsSpan((i - from) * LinkFeatures.Count, LinkFeatures.Count);
            if (i == m.Index)
                LinkFeatures.Self(state, m, f);
            else
                LinkFeatures.Pair(state, m, state.At(i), f);
            right[i - from] = gold.Contains((int)(i == m.Index ? line.Seq : state.At(i).Line.Seq) - 1);
        }

        return right.Contains(true) ? new Choice(features, right) : null;
    }

    private static double[] Climb(double[] start, List<Choice> choices, double penalty, int steps)
    {
        var n = LinkFeatures.Count;
        var w = (double[])start.Clone();
        var (m, v) = (new double[n], new double[n]);
        for (var step = 1; step <= steps; step++)
        {
            var gradient = Gradient(w, choices);
            var rate = 0.1 * (1 - (double)step / (steps + 1));
            for (var i = 0; i < n; i++)
            {
                var g = gradient[i] - penalty * w[i];
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                w[i] +=
                    rate * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        return w;
    }

    private static double[] Gradient(double[] w, List<Choice> choices)
    {
        var n = w.Length;
        var gradient = new double[n];
        foreach (var (features, gold) in choices)
        {
            var scores = new double[gold.Length];
            for (var c = 0; c < gold.Length; c++)
            {
                double sum = 0;
                for (var i = 0; i < n; i++)
                    sum += w[i] * features[c * n + i];
                scores[c] = sum;
            }

            var top = scores.Max();
            double all = 0;
            double right = 0;
            for (var c = 0; c < gold.Length; c++)
            {
                scores[c] = Math.Exp(scores[c] - top);
                all += scores[c];
                right += gold[c] ? scores[c] : 0;
            }

            for (var c = 0; c < gold.Length; c++)
            {
                var pull = (gold[c] ? scores[c] / right : 0) - scores[c] / all;
                if (Math.Abs(pull) < 1e-9)
                    continue;
                for (var i = 0; i < n; i++)
                    gradient[i] += pull * features[c * n + i];
            }
        }

        return gradient;
    }

    /// <summary>The weights as the source text of <c>LinkWeights.cs</c>.</summary>
    public static string Source(double[] weights)
    {
        var text = new StringBuilder();
        foreach (var feature in Enum.GetValues<LinkFeature>())
            text.Append(
                CultureInfo.InvariantCulture,
                $"        (LinkFeature.{feature}, {weights[(int)feature]:0.00}),\n"
            );
        return text.ToString();
    }
}
