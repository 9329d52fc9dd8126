using System.Globalization;
using System.Text;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Overload;

public static class OverloadReport
{
    public static string Markdown(OverloadPlan plan, OverloadResult result)
    {
        var page = new StringBuilder();
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {Machine.Describe()}; {plan.Server.Name} ({plan.Server.Durability}). {plan.Users} users in pairs, {OverloadPlan.TextBytes}-byte texts, Poisson arrivals in an open loop that heeds no refusal, {plan.Seconds:0.#} s a run, medians of {plan.Rounds} rounds. Sustainable: {result.Sustainable:#,0} messages a second{(plan.Sustainable is null ? $" (99th percentile of delivery under {OverloadPlan.LimitMs:0} ms, found before)" : " (given)")}. The generator shares the cores: what it needs at high rates the server does not have."
        );
        page.AppendLine();
        page.AppendLine(
            "| offered × sustainable | offered/s | acknowledged/s | refused | with | ack p50 ms | ack p99 ms | delivery p99 ms | last answer after the load, s | ack p99 ms of the second after it, at half the rate |"
        );
        page.AppendLine("|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|");
        foreach (var steps in result.Steps.GroupBy(step => step.Multiple))
        {
            page.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {steps.Key:0.0} | {steps.First().Run.Rate:#,0} | {Median(steps, s => s.Run.Answered / s.Run.Seconds):#,0} | {Median(steps, s => 100.0 * s.Run.Refused / Math.Max(1, s.Run.Sent)):0.0} % | {Codes(steps)} | {Median(steps, s => s.Run.Answer.P50):0.0} | {Median(steps, s => s.Run.Answer.P99):0} | {Median(steps, s => s.Run.Delivery.P99):0} | {Median(steps, s => s.Run.DrainSeconds):0.00} | {Median(steps, s => s.After.Answer.P99):0.0} |"
            );
        }

        page.AppendLine();
        page.AppendLine(
            CultureInfo.InvariantCulture,
            $"Every acknowledged message was delivered exactly once and in order ({result.Steps.Sum(s => s.Run.Answered + s.After.Answered):#,0} messages); every other was refused; no socket was closed."
        );
        return page.ToString();
    }

    /// <summary>Acknowledged over offered messages a second, as an SVG.</summary>
    public static string Plot(OverloadResult result)
    {
        var points = result
            .Steps.GroupBy(step => step.Multiple)
            .Select(steps =>
                (
                    Offered: steps.First().Run.Rate,
                    Acknowledged: Median(steps, s => s.Run.Answered / s.Run.Seconds),
                    P99: Median(steps, s => s.Run.Answer.P99)
                )
            )
            .OrderBy(point => point.Offered)
            .ToList();
        return LinePlot.Svg(
            "Overload",
            "messages offered a second",
            [
                new("acknowledged a second", [.. points.Select(p => (p.Offered, p.Acknowledged))]),
                new("99th percentile of the acknowledgement, ms", [.. points.Select(p => (p.Offered, p.P99))]),
            ]
        );
    }

    private static string Codes(IEnumerable<OverloadStep> steps)
    {
        var codes = steps.SelectMany(step => step.Run.RefusalCodes.Keys).Distinct().Order().ToList();
        return codes.Count == 0 ? "" : string.Join(", ", codes.Select(code => $"`{code}`"));
    }

    private static double Median(IEnumerable<OverloadStep> steps, Func<OverloadStep, double> of)
    {
        var values = steps.Select(of).Order().ToList();
        return values.Count % 2 == 1
            ? values[values.Count / 2]
            : (values[(values.Count / 2) - 1] + values[values.Count / 2]) / 2;
    }
}
