namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>
/// A log-linear ranking model over the earlier lines and "starts anew", the linear model of Kummerfeld et al. (2019)
/// in kind: the score of a link is the weighted sum of its features, the highest score is taken, ties go to the
/// nearer line.
/// </summary>
internal sealed class LinkModel(double[] weights)
{
    public static LinkModel Default { get; } = new(LinkWeights.ToArray());

    public double Score(ReadOnlySpan<double> features)
    {
        double sum = 0;
        for (var i = 0; i < features.Length; i++)
            sum += weights[i] * features[i];
        return sum;
    }
}
