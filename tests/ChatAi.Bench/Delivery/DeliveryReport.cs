using System.Globalization;
using System.Text;

namespace ChatAi.Bench.Delivery;

/// <summary>The runs as a table: medians over the rounds, and ratios to the contestant that is the limit.</summary>
public static class DeliveryReport
{
    public static string Markdown(DeliveryPlan plan, IReadOnlyList<DeliveryResult> results)
    {
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {Machine.Describe()}. The load generator runs on the same machine. "
        );
        page.Append(
            CultureInfo.InvariantCulture,
            $"{plan.Users} users in pairs, {plan.TextSize}-byte texts, Poisson arrivals, {plan.Seconds:0.#} s a run, {plan.Repetitions} interleaved rounds, medians (worst: of all rounds). "
        );
        page.AppendLine("Latency is from the intended send time to the recipient's receipt, in milliseconds.");
        page.AppendLine();
        foreach (var rate in plan.Rates)
        {
            AppendRate(page, rate, [.. results.Where(result => result.Kind == "rate" && result.Rate == rate)]);
        }

        if (plan.RampSeconds is not null)
        {
            AppendHighest(page, plan, results);
        }

        var voided = results.Where(result => result.Run?.Void ?? false).ToList();
        page.AppendLine(
            voided.Count == 0
                ? $"Every one of the {results.Count(result => result.Run is not null):#,0} runs delivered each acknowledged message exactly once and in order ({results.Sum(result => result.Run?.Delivered ?? 0):#,0} messages; {results.Sum(result => result.Run?.Gaps ?? 0):#,0} holes filled by `sync.get`)."
                : $"**Void: {voided.Count} runs lost, doubled, reordered or left unanswered something; the figures above do not count.**"
        );
        foreach (var bad in voided)
        {
            page.AppendLine($"- {bad.Contestant} round {bad.Repetition} at {bad.Rate:0}/s: {bad.Run!.Verdict}");
        }

        return page.ToString();
    }

    private static void AppendRate(StringBuilder page, double rate, IReadOnlyList<DeliveryResult> runs)
    {
        page.AppendLine($"At {rate:#,0} messages a second:");
        page.AppendLine();
        page.AppendLine(
            "| server | acknowledged means | p50 | p99 | worst | ack p50 | ack p99 | server CPU s per 1,000 | p50 × limit | CPU × limit |"
        );
        page.AppendLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        var rows = runs.GroupBy(run => run.Contestant).Select(group => Medians([.. group])).ToList();
        foreach (var row in rows)
        {
            var limit = rows.FirstOrDefault(other => other.Name == row.Limit && other.Name != row.Name);
            page.AppendLine(
                $"| {row.Name} | {row.Durability} | {row.P50:0.00} | {row.P99:0.0} | {row.Max:0.0} | {row.AnswerP50:0.00} | {row.AnswerP99:0.0} | {row.Cpu:0.00} | {Ratio(row.P50, limit?.P50)} | {Ratio(row.Cpu, limit?.Cpu)} |"
            );
        }

        page.AppendLine();
    }

    private static void AppendHighest(StringBuilder page, DeliveryPlan plan, IReadOnlyList<DeliveryResult> results)
    {
        page.AppendLine(
            $"Highest rate with the 99th percentile of delivery under {plan.LimitMs:0} ms ({plan.RampSeconds:0.#} s a step):"
        );
        page.AppendLine();
        page.AppendLine(
            "| server | acknowledged means | messages a second | each round | × limit | server CPU s per 1,000 there |"
        );
        page.AppendLine("|---|---|---:|---|---:|---:|");
        var rows = results.Where(result => result.Kind == "highest").GroupBy(result => result.Contestant).ToList();
        foreach (var row in rows)
        {
            var rate = Median(row.Select(result => result.Rate));
            var first = row.First();
            var limit = rows.FirstOrDefault(other => other.Key == first.Limit && other.Key != row.Key);
            var cpu = Median(row.Select(result => CpuAtHighest(results, result)).OfType<double>());
            page.AppendLine(
                $"| {row.Key} | {first.Durability} | {rate:#,0} | {string.Join(", ", row.Select(result => $"{result.Rate:#,0}"))} | {Ratio(rate, limit is null ? null : Median(limit.Select(result => result.Rate)))} | {cpu:0.00} |"
            );
        }

        page.AppendLine();
    }

    private static double? CpuAtHighest(IReadOnlyList<DeliveryResult> results, DeliveryResult highest) =>
        results
            .LastOrDefault(step =>
                step.Kind == "step"
                && step.Contestant == highest.Contestant
                && step.Repetition == highest.Repetition
                && step.Rate == highest.Rate
            )
            ?.Run?.CpuPerThousand;

    private static Row Medians(IReadOnlyList<DeliveryResult> runs)
    {
        return new Row(
            runs[0].Contestant,
            runs[0].Durability,
            runs[0].Limit,
            Of(run => run.Delivery.P50),
            Of(run => run.Delivery.P99),
            runs.Max(run => run.Run!.Delivery.Max),
            Of(run => run.Answer.P50),
            Of(run => run.Answer.P99),
            Of(run => run.CpuPerThousand ?? double.NaN)
        );

        double Of(Func<RunResult, double> value) => Median(runs.Select(run => value(run.Run!)));
    }

    private static string Ratio(double value, double? limit) => limit is > 0 ? $"{value / limit:0.00}" : "";

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count switch
        {
            0 => double.NaN,
            var odd when odd % 2 == 1 => sorted[odd / 2],
            var even => (sorted[(even / 2) - 1] + sorted[even / 2]) / 2,
        };
    }

    private sealed record Row(
        string Name,
        string Durability,
        string Limit,
        double P50,
        double P99,
        double Max,
        double AnswerP50,
        double AnswerP99,
        double Cpu
    );
}
