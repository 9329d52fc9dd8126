using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChatAi.Bench.Delivery;

/// <param name="RampSeconds">Null: the highest rate is not looked for.</param>
public sealed record DeliveryPlan(
    IReadOnlyList<string> Contestants,
    Uri? Url,
    int? Pid,
    int Users,
    int TextSize,
    IReadOnlyList<double> Rates,
    double Seconds,
    double WarmUpSeconds,
    int Repetitions,
    double? RampSeconds,
    double LimitMs,
    double MaxRate
);

/// <param name="Kind"><c>rate</c>: one of the plan's rates; <c>step</c>: of the search; <c>highest</c>: its end.</param>
public sealed record DeliveryResult(
    string Contestant,
    string Durability,
    string Limit,
    int Repetition,
    string Kind,
    double Rate,
    RunResult? Run
);

/// <summary>
/// Runs the plan: all contestants are started and warmed up once, then take turns round after round, so that what the
/// machine does else hits all. Those whose turn it is not stay up, idle.
/// </summary>
public static class DeliveryBenchmark
{
    private static readonly JsonSerializerOptions JsonLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static async Task<IReadOnlyList<DeliveryResult>> RunAsync(DeliveryPlan plan, string? jsonFile)
    {
        var results = new List<DeliveryResult>();
        var entrants = new List<Entrant>();
        await using var json = jsonFile is null ? null : new StreamWriter(jsonFile) { AutoFlush = true };
        try
        {
            var contestants = plan.Url is { } url
                ? [Contestants.At(url, plan.Pid)]
                : plan.Contestants.Select(Contestants.Named).ToList();
            foreach (var contestant in contestants)
            {
                entrants.Add(await Entrant.StartAsync(plan, contestant, Report));
            }

            for (var round = 1; round <= plan.Repetitions; round++)
            {
                foreach (var entrant in entrants)
                {
                    await entrant.MeasureAsync(round);
                }
            }

            return results;
        }
        catch (VoidRunException)
        {
            return results; // Nothing measured after it would count.
        }
        finally
        {
            foreach (var entrant in entrants)
            {
                await entrant.DisposeAsync();
            }
        }

        void Report(DeliveryResult result)
        {
            results.Add(result);
            json?.WriteLine(JsonSerializer.Serialize(result, JsonLine));
            Console.Error.WriteLine(Line(result));
        }
    }

    private static string Line(DeliveryResult result) =>
        result.Run is { } run
            ? $"{result.Repetition} {result.Contestant, -18} {result.Kind, -8}{result.Rate, 7:0}/s  p50 {run.Delivery.P50, 7:0.00}  "
                + $"p99 {run.Delivery.P99, 8:0.00} ms  ack p99 {run.Answer.P99, 8:0.00}  lag p99 {run.GeneratorLag.P99, 6:0.00}  "
                + $"cpu/1000 {run.CpuPerThousand, 6:0.000} s  gaps {run.Gaps}  {run.Verdict}"
            : $"{result.Repetition} {result.Contestant, -18} {result.Kind, -8}{result.Rate, 7:0}/s";
}
