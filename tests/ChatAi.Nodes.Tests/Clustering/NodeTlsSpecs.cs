using ChatAi.Shared.Clustering;

namespace ChatAi.Nodes.Tests.Clustering;

/// <summary>Real nodes over real sockets: who may join.</summary>
public sealed class NodeTlsSpecs : IDisposable
{
    private readonly Authority _authority = new();
    private readonly Authority _other = new("other");

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    private TlsSettings Good(string name) =>
        new()
        {
            Certificate = _authority.Issue(name).Pfx,
            Password = "secret",
            Ca = _authority.CaFile,
        };

    [Fact]
    public async Task Should_let_in_only_who_shows_a_certificate_of_the_clusters_authority()
    {
        var seed = TestNode.FreePorts(1)[0];
        await using var first = await (await TestNode.StartAsync(seed, seed, tls: Good("first"))).UpAsync();
        Assert.Equal("akka.ssl.tcp", first.Cluster.SelfAddress.Protocol);

        // Believes the cluster, but has a certificate of somebody else.
        var both = _other.Write("both.pem", $"{_other.CaPem}\n{_authority.CaPem}");
        var foreign = new TlsSettings
        {
            Certificate = _other.Issue("foreign").Pfx,
            Password = "secret",
            Ca = both,
        };
        await using var stranger = await TestNode.StartAsync(seed, tls: foreign);
        await stranger.FirstError.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await using var plain = await TestNode.StartAsync(seed);
        await plain.FirstError.Task.WaitAsync(TimeSpan.FromSeconds(60));

        // Who has one joins meanwhile; the others have not become members.
        await using var second = await (await TestNode.StartAsync(seed, tls: Good("second"))).UpAsync();
        Assert.Equal(2, second.Cluster.State.Members.Count);
        Assert.Equal(Akka.Cluster.MemberStatus.Removed, stranger.Cluster.SelfMember.Status);
        Assert.Equal(Akka.Cluster.MemberStatus.Removed, plain.Cluster.SelfMember.Status);
    }

    [Fact]
    public async Task Should_not_follow_a_seed_whose_authority_it_does_not_know()
    {
        var seed = TestNode.FreePorts(1)[0];
        // The seed would believe both; the node believes only the other authority.
        var both = _authority.Write("all.pem", $"{_authority.CaPem}\n{_other.CaPem}");
        await using var first = await (
            await TestNode.StartAsync(
                seed,
                seed,
                tls: new()
                {
                    Certificate = _authority.Issue("first").Pfx,
                    Password = "secret",
                    Ca = both,
                }
            )
        ).UpAsync();

        await using var node = await TestNode.StartAsync(
            seed,
            tls: new()
            {
                Certificate = _other.Issue("node").Pfx,
                Password = "secret",
                Ca = _other.CaFile,
            }
        );
        await node.FirstError.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(Akka.Cluster.MemberStatus.Removed, node.Cluster.SelfMember.Status);
        Assert.Single(first.Cluster.State.Members);
    }
}
