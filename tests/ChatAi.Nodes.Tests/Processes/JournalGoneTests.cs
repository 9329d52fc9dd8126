using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Nodes.Tests.Processes;

public sealed class JournalGoneTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task Should_not_be_ready_while_the_database_is_away_and_be_again_when_it_is_back()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await ChatCluster.RunAsync(
            ClusterPlan.Equal(lighthouses: 1, nodes: 1),
            output.WriteLine,
            async cluster =>
            {
                var node = cluster.Nodes[0].Url;
                await cluster.Postgres.StopAsync(crash: true);

                var away = await Readiness.WaitAsync(node, seen => !seen.IsReady);
                Assert.Contains("The journal's database does not answer", away.Trouble["journal"]);
                // It says nothing of hosts or users: anyone may ask.
                Assert.DoesNotContain("127.0.0.1", string.Join(' ', away.Trouble.Values), StringComparison.Ordinal);

                await cluster.Postgres.StartAgainAsync();
                await Readiness.WaitAsync(node, seen => seen.IsReady);
                Assert.True((await Readiness.OfAsync(cluster.Lighthouses[0].Url)).IsReady);
            }
        );
    }
}
