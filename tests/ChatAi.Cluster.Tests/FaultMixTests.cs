using ChatAi.Faults.Plans;
using ChatAi.Faults.Running;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests;

/// <summary>The short mix of docs/faults.md. A failure prints its seed, its violations and the ends of all logs.</summary>
public sealed class FaultMixTests(ITestOutputHelper output)
{
    // The partition is skipped, with its reason in the output, where there are no network namespaces.
    private static readonly string[] Mix = ["kill-node", "isolate-node", "postgres-restart", "kill-all"];

    [SkippableFact]
    public async Task Should_lose_and_double_nothing_whatever_is_killed_cut_off_or_restarted()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var plan = ClusterPlan.Equal(lighthouses: 2, nodes: 3) with
        {
            Namespaces = NetworkLab.WhyNot is null,
            Settings = FaultsCommand.Settings,
        };
        await ChatCluster.RunAsync(
            plan,
            output.WriteLine,
            async cluster =>
            {
                var traffic = new Traffic(People: 6, Groups: 5, ActsPerSecond: 3);
                await using var run = new FaultRun(seed, traffic, cluster, output.WriteLine);
                await run.BeginAsync();
                foreach (var fault in FaultPlan.Each(seed, Mix))
                {
                    var result = await run.PlayAsync(fault);
                    Assert.Empty(result?.Violations ?? []);
                    Assert.True(result is null || (result.Acked == result.Sent && result.Sent > 0));
                }
            }
        );
    }
}
