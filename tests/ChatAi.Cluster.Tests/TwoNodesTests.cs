using ChatAi.Testing;
using ChatAi.Testing.Clusters;
using Xunit.Abstractions;

namespace ChatAi.Cluster.Tests;

public sealed class TwoNodesTests(ITestOutputHelper output)
{
    [SkippableFact]
    public async Task Should_carry_messages_both_ways_between_people_on_two_nodes()
    {
        Skip.If(ChatCluster.WhyNot is not null, ChatCluster.WhyNot);
        await ChatCluster.RunAsync(
            ClusterPlan.Equal(lighthouses: 2, nodes: 2),
            output.WriteLine,
            async cluster =>
            {
                var ada = await TestUser.SignUpAsync(cluster.Nodes[0].Url, "ada");
                var bob = await TestUser.SignUpAsync(cluster.Nodes[1].Url, "bob");
                await using var adas = await ada.ConnectAsync();
                await using var bobs = await bob.ConnectAsync();
                // Enough chats that both nodes have entities of both kinds.
                for (var i = 0; i < 10; i++)
                {
                    var chat = (await adas.CreateChatAsync("group", [ada.Id, bob.Id], $"group {i}")).Id;
                    var there = await adas.SendAsync(chat, $"there {i}");
                    Assert.Equal(there.Seq, (await bobs.WaitForMessageAsync(chat, $"there {i}")).Seq);
                    var back = await bobs.SendAsync(chat, $"back {i}");
                    Assert.Equal(back.Seq, (await adas.WaitForMessageAsync(chat, $"back {i}")).Seq);
                }
            }
        );
    }
}
