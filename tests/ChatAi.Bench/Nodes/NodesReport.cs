using System.Globalization;
using System.Text;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Nodes;

public static class NodesReport
{
    private const double AimMs = 1.5;

    public static string Markdown(NodesPlan plan, IReadOnlyList<NodesResult> results)
    {
        var page = new StringBuilder();
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {Machine.Describe()}. PostgreSQL `synchronous_commit=on`, one Lighthouse and the load generator on the same machine: more nodes share the same cores. {plan.Users} users of each kind in pairs, {NodesPlan.TextBytes}-byte texts, {plan.Rate:#,0} messages a second, {plan.Seconds:0.#} s a run, medians of {plan.Rounds} rounds in turn. CPU is that of all nodes, the Lighthouse and the database. Highest: messages a second with the 99th percentile of delivery under {NodesPlan.LimitMs:0} ms, {(plan.Ramp ? "2 s a step" : "not looked for")}."
        );
        page.AppendLine();
        page.AppendLine(
            "| nodes | the two of a pair | p50 ms | p99 ms | worst ms | ack p50 ms | CPU s per 1,000 | highest |"
        );
        page.AppendLine("|---:|---|---:|---:|---:|---:|---:|---:|");
        foreach (var result in results)
            page.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {result.Nodes} | {(result.Across ? "on different nodes" : "on one node")} | {P50(result):0.00} | {Median(result, r => r.Delivery.P99):0.0} | {result.Runs.Max(r => r.Delivery.Max):0.0} | {Median(result, r => r.Answer.P50):0.00} | {Median(result, r => r.CpuPerThousand ?? double.NaN):0.00} | {result.Highest:#,0} |"
            );
        page.AppendLine();
        if (Verdict(results) is { } verdict)
            page.AppendLine(verdict);
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"Every run delivered each acknowledged message exactly once and in order ({results.Sum(r => r.Runs.Sum(run => run.Delivered)):#,0} messages in the runs of this table)."
        );
        return page.ToString();
    }

    private static string? Verdict(IReadOnlyList<NodesResult> results)
    {
        var two = results.Where(result => result.Nodes == 2).ToList();
        if (two.Find(result => result.Across) is not { } across || two.Find(result => !result.Across) is not { } within)
            return null;
        var more = P50(across) - P50(within);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"P6, two nodes: across nodes the median takes {more:0.00} ms {(more < 0 ? "more (that is, less)" : "more")} than within one; aim ≤ {AimMs} ms: {(more <= AimMs ? "met" : "missed")}."
        );
    }

    private static double P50(NodesResult result) => Median(result, run => run.Delivery.P50);

    private static double Median(NodesResult result, Func<RunResult, double> of) =>
        DeliveryReport.Median(result.Runs.Select(of));
}
