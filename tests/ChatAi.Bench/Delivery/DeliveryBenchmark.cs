using System.Text.Json;
using System.Text.Json.Serialization;
using ChatAi.Testing;

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

/// <summary>Runs the plan: round after round, each contestant in each, so that what the machine does else hits all.</summary>
public static class DeliveryBenchmark
{
    private static readonly JsonSerializerOptions JsonLine = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static async Task<IReadOnlyList<DeliveryResult>> RunAsync(DeliveryPlan plan, string? jsonFile)
    {
        PostgresCluster? database = null;
        var results = new List<DeliveryResult>();
        await using var json = jsonFile is null ? null : new StreamWriter(jsonFile) { AutoFlush = true };
        try
        {
            var contestants = plan.Url is { } url
                ? [Contestants.At(url, plan.Pid)]
                : plan.Contestants.Select(name => Contestants.Named(name, DatabaseAsync)).ToList();
            for (var repetition = 1; repetition <= plan.Repetitions; repetition++)
            {
                foreach (var contestant in contestants)
                {
                    await MeasureAsync(plan, contestant, repetition, results, Report);
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
            if (database is not null)
            {
                await database.DisposeAsync();
            }
        }

        async Task<PostgresCluster> DatabaseAsync() => database ??= await PostgresCluster.StartAsync();

        void Report(DeliveryResult result)
        {
            json?.WriteLine(JsonSerializer.Serialize(result, JsonLine));
            Console.Error.WriteLine(Line(result));
        }
    }

    private static async Task MeasureAsync(
        DeliveryPlan plan,
        Contestant contestant,
        int repetition,
        List<DeliveryResult> results,
        Action<DeliveryResult> report
    )
    {
        await using var server = await contestant.StartAsync();
        var logins = new Login[plan.Users];
        await Parallel.ForAsync(
            0,
            plan.Users,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (user, _) => logins[user] = await server.LogIn(user)
        );
        await using var fleet = await LoadFleet.ConnectAsync(server.Url, logins);

        // Compiles the hot path of both sides; its figures are thrown away, its checks are not.
        await LoadAsync("warm-up", plan.Rates.DefaultIfEmpty(400).Max(), plan.WarmUpSeconds);
        foreach (var rate in plan.Rates)
        {
            await LoadAsync("rate", rate, plan.Seconds);
        }

        if (plan.RampSeconds is { } stepSeconds)
        {
            // Later rounds begin near what the first found, which saves most of the steps.
            var known = results.LastOrDefault(result =>
                result.Contestant == contestant.Name && result.Kind == "highest"
            );
            var highest = await RampSearch.FindAsync(
                known is { Rate: > 0 } ? known.Rate / 1.2 : plan.Rates.DefaultIfEmpty(400).Max(),
                plan.MaxRate,
                async rate => (await LoadAsync("step", rate, stepSeconds)).Sustained(plan.LimitMs)
            );
            Add("highest", highest, null);
        }

        async Task<RunResult> LoadAsync(string kind, double rate, double seconds)
        {
            var run = await LoadRun.RunAsync(fleet, server.CpuSeconds, rate, seconds, plan.TextSize);
            Add(kind, rate, run);
            return run.Void ? throw new VoidRunException() : run;
        }

        void Add(string kind, double rate, RunResult? run)
        {
            results.Add(
                new DeliveryResult(
                    contestant.Name,
                    contestant.Durability,
                    contestant.Limit,
                    repetition,
                    kind,
                    rate,
                    run
                )
            );
            report(results[^1]);
        }
    }

    private sealed class VoidRunException : Exception;

    private static string Line(DeliveryResult result) =>
        result.Run is { } run
            ? $"{result.Repetition} {result.Contestant, -18} {result.Kind, -8}{result.Rate, 7:0}/s  p50 {run.Delivery.P50, 7:0.00}  "
                + $"p99 {run.Delivery.P99, 8:0.00} ms  ack p99 {run.Answer.P99, 8:0.00}  lag p99 {run.GeneratorLag.P99, 6:0.00}  "
                + $"cpu/1000 {run.CpuPerThousand, 6:0.000} s  gaps {run.Gaps}  {run.Verdict}"
            : $"{result.Repetition} {result.Contestant, -18} {result.Kind, -8}{result.Rate, 7:0}/s";
}
