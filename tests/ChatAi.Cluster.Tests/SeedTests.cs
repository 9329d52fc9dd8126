using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests;

public sealed class SeedTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task Should_serve_through_the_loss_of_each_seed_and_take_it_back()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await ChatCluster.RunAsync(
            ClusterPlan.Equal(lighthouses: 2, nodes: 1),
            output.WriteLine,
            async cluster =>
            {
                var ada = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "ada");
                await using var client = await ada.ConnectAsync();
                var chat = (await client.CreateChatAsync("group", [ada.Id], "alone")).Id;
                foreach (var seed in cluster.Lighthouses)
                {
                    seed.Kill9();
                    await seed.WaitForExitAsync(TimeSpan.FromSeconds(5));
                    await client.SendAsync(chat, $"without {seed.Name}");
                    await seed.RestartAsync();
                }
                Assert.True(await cluster.Nodes[0].IsReadyAsync());
            }
        );
    }
}
