using ChatAi.Bench.Delivery;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;

namespace ChatAi.Bench.Nodes;

public sealed record NodesPlan(int Users, double Rate, double Seconds, int Rounds, int MostNodes, bool Ramp)
{
    public const double LimitMs = 50;
    public const int TextBytes = 100;
}

/// <param name="Across">Whether the two of a pair are connected to different nodes; the chat lies where sharding puts it.</param>
/// <param name="Highest">Messages a second with the 99th percentile of delivery below the limit; null where not looked for.</param>
public sealed record NodesResult(int Nodes, bool Across, IReadOnlyList<RunResult> Runs, double? Highest);

public static class NodesBenchmark
{
    private const double WarmUpSeconds = 8;
    private const double StepSeconds = 2;

    public static async Task<IReadOnlyList<NodesResult>> RunAsync(NodesPlan plan)
    {
        var results = new List<NodesResult>();
        // One cluster at a time: idle nodes cost CPU too, and here all share two cores or a few.
        for (var nodes = 1; nodes <= plan.MostNodes; nodes++)
        {
            await using var cluster = await ChatCluster.StartAsync(
                ClusterPlan.Equal(lighthouses: 1, nodes) with
                {
                    Settings = new Dictionary<string, string> { ["ChatAi__Auth__AccessTokenSeconds"] = "86400" },
                }
            );
            results.AddRange(await MeasureAsync(plan, cluster));
        }
        return results;
    }

    private static async Task<IReadOnlyList<NodesResult>> MeasureAsync(NodesPlan plan, ChatCluster cluster)
    {
        var urls = cluster.Nodes.Select(node => node.Url).ToList();
        await using var within = await ConnectAsync(plan, user => urls[user / 2 % urls.Count]);
        await using var across =
            urls.Count > 1 ? await ConnectAsync(plan, user => urls[((user / 2) + (user % 2)) % urls.Count]) : null;
        List<(LoadFleet Fleet, bool Across)> kinds = [(within, false)];
        if (across is not null)
            kinds.Add((across, true));
        var runs = kinds.ToDictionary(kind => kind.Across, _ => new List<RunResult>());
        foreach (var (fleet, _) in kinds)
            await LoadAsync(fleet, cluster, plan.Rate, WarmUpSeconds / kinds.Count);
        for (var round = 0; round < plan.Rounds; round++)
            foreach (var (fleet, isAcross) in kinds)
                runs[isAcross].Add(await LoadAsync(fleet, cluster, plan.Rate, plan.Seconds));

        var (spread, isSpread) = kinds[^1];
        double? highest = plan.Ramp
            ? await RampSearch.FindAsync(
                plan.Rate * 2,
                50_000,
                async rate => await SustainsAsync(spread, cluster, rate) || await SustainsAsync(spread, cluster, rate)
            )
            : null;
        return
        [
            .. kinds.Select(kind => new NodesResult(
                urls.Count,
                kind.Across,
                runs[kind.Across],
                kind.Across == isSpread ? highest : null
            )),
        ];
    }

    private static async Task<LoadFleet> ConnectAsync(NodesPlan plan, Func<int, Uri> serverOf)
    {
        var logins = new Login[plan.Users];
        await Parallel.ForAsync(
            0,
            plan.Users,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (user, _) =>
            {
                var signedUp = await TestUser.SignUpAsync(serverOf(user), $"load {user}");
                logins[user] = new Login(signedUp.Id, signedUp.Tokens.AccessToken);
            }
        );
        return await LoadFleet.ConnectAsync(serverOf, logins);
    }

    private static async Task<bool> SustainsAsync(LoadFleet fleet, ChatCluster cluster, double rate) =>
        (await LoadAsync(fleet, cluster, rate, StepSeconds)).Sustained(NodesPlan.LimitMs);

    private static async Task<RunResult> LoadAsync(LoadFleet fleet, ChatCluster cluster, double rate, double seconds)
    {
        var run = await LoadRun.RunAsync(fleet, () => Cpu(cluster), rate, seconds, NodesPlan.TextBytes);
        await Console.Error.WriteLineAsync(
            $"{cluster.Nodes.Count} nodes, {rate:0}/s: p50 {run.Delivery.P50:0.00} p99 {run.Delivery.P99:0.0} ms, {run.Verdict}"
        );
        return run.Void ? throw new VoidRunException() : run;
    }

    private static double Cpu(ChatCluster cluster) =>
        cluster.All.Sum(process => ProcessCpu.OfTree(process.Id)) + ProcessCpu.OfTree(cluster.Postgres.Id);
}
