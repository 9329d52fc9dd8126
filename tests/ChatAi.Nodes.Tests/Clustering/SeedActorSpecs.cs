using Akka.Actor;
using ChatAi.Shared.Clustering;

namespace ChatAi.Nodes.Tests.Clustering;

/// <summary>Real nodes over real sockets: one cluster, whatever happens to its seeds.</summary>
public sealed class SeedActorSpecs
{
    [Fact]
    public async Task Should_make_one_cluster_of_seeds_that_start_together()
    {
        var at = TestNode.FreePorts(2);
        var seeds = string.Join(',', at);

        var starting = at.Select(seed => TestNode.StartAsync(seeds, seed, "lighthouse")).ToArray();
        await using var second = await starting[1];
        await using var first = await starting[0];

        await first.SeesAsync(2);
        await second.SeesAsync(2);
    }

    [Fact]
    public async Task Should_come_back_into_the_cluster_that_lives_when_all_seeds_were_away()
    {
        var at = TestNode.FreePorts(2);
        var seeds = string.Join(',', at);
        var first = await TestNode.StartAsync(seeds, at[0], "lighthouse");
        var second = await TestNode.StartAsync(seeds, at[1], "lighthouse");
        await using var node = await TestNode.StartAsync(seeds);
        await node.SeesAsync(3);

        await first.DisposeAsync();
        await second.DisposeAsync();
        await node.SeesAsync(1);
        // The first of the list, which would found a cluster of its own.
        await using var back = await TestNode.StartAsync(seeds, at[0], "lighthouse");

        await back.SeesAsync(2);
        Assert.Contains(node.Cluster.SelfAddress, back.Cluster.State.Members.Select(member => member.Address));
    }

    [Fact]
    public async Task Should_end_a_seed_whose_cluster_is_a_second_one()
    {
        var at = TestNode.FreePorts(2);
        await using var seed = await (await TestNode.StartAsync(at[0], at[0], "lighthouse")).UpAsync();
        await using var node = await (await TestNode.StartAsync(at[1], at[1])).UpAsync();

        // What a member does when a seed of its list is missing.
        node.System.ActorSelection($"{seed.Cluster.SelfAddress}/user/{SeedActor.Name}")
            .Tell(node.Cluster.SelfAddress.ToString(), ActorRefs.NoSender);

        await seed.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(node.System.WhenTerminated.IsCompleted);
    }
}
