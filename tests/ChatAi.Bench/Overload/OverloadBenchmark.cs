using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Overload;

/// <param name="Sustainable">Messages a second; null: it is looked for.</param>
/// <param name="Multiples">Of the sustainable rate, offered in an open loop whatever the server says.</param>
public sealed record OverloadPlan(
    Contestant Server,
    int Users,
    double? Sustainable,
    IReadOnlyList<double> Multiples,
    double Seconds,
    double WarmUpSeconds,
    int Rounds
)
{
    public const double LimitMs = 50;
    public const int TextBytes = 100;
}

/// <param name="After">A second of half the sustainable rate, right after the load.</param>
public sealed record OverloadStep(int Round, double Multiple, RunResult Run, RunResult After);

public sealed record OverloadResult(double Sustainable, IReadOnlyList<OverloadStep> Steps);

/// <summary>Offers a server more than it can do, and looks at what it does with the rest, and at how it comes back.</summary>
public static class OverloadBenchmark
{
    public static async Task<OverloadResult> RunAsync(OverloadPlan plan)
    {
        await using var server = await plan.Server.StartAsync();
        var logins = new Login[plan.Users];
        await Parallel.ForAsync(
            0,
            plan.Users,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (user, _) => logins[user] = await server.LogIn(user)
        );
        await using var fleet = await LoadFleet.ConnectAsync(server.Url, logins);
        await LoadAsync("warm-up", 2_000, plan.WarmUpSeconds, giveUp: true);
        var sustainable =
            plan.Sustainable
            ?? await RampSearch.FindAsync(
                2_000,
                100_000,
                async rate =>
                    (await LoadAsync("search", rate, 2, giveUp: true)).Sustained(OverloadPlan.LimitMs)
                    || (await LoadAsync("search", rate, 2, giveUp: true)).Sustained(OverloadPlan.LimitMs)
            );
        var steps = new List<OverloadStep>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var multiple in plan.Multiples)
            {
                var run = await LoadAsync($"x {multiple:0.0}", sustainable * multiple, plan.Seconds, giveUp: false);
                var after = await LoadAsync("after", sustainable / 2, 1, giveUp: false);
                steps.Add(new OverloadStep(round, multiple, run, after));
            }
        }

        return new OverloadResult(sustainable, steps);

        async Task<RunResult> LoadAsync(string kind, double rate, double seconds, bool giveUp)
        {
            var run = await LoadRun.RunAsync(fleet, server.CpuSeconds, rate, seconds, OverloadPlan.TextBytes, giveUp);
            await Console.Error.WriteLineAsync(
                $"{kind, -8} {rate, 7:0}/s  answered {run.Answered / seconds, 7:0}/s  refused {run.Refused, 7} ({string.Join(", ", run.RefusalCodes.Select(c => $"{c.Key} {c.Value}"))})  "
                    + $"ack p50 {run.Answer.P50, 7:0.0} p99 {run.Answer.P99, 7:0.0} ms  drain {run.DrainSeconds:0.00} s  lag p99 {run.GeneratorLag.P99:0.0}  {run.Verdict}"
            );
            return run.Void ? throw new VoidRunException() : run;
        }
    }
}
