using Akka.Actor;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Cluster;
using ChatAi.Testing;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>What really goes from one node to another by akka.hocon, and what does not.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    /// <summary>No serializer of its own: a message that somebody forgot to register.</summary>
    private sealed record Forgotten(string Text);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ClusterNode _there = ClusterNode.Start("there");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _there.DisposeAsync();

    [Fact]
    public async Task Should_refuse_on_the_way_out_what_is_not_registered()
    {
        await using var here = ClusterNode.Start("here");
        var log = NodeLog.Of(here.System);
        using var inbox = Inbox.Create(_there.System);

        await AssertOnlyTheNextArrives(here, inbox, new Forgotten("secret"));

        Assert.Contains("no serializer", await log.NextAsync(typeof(Forgotten).FullName!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", 1, "System.IO.FileInfo, System.Runtime", "{\"FileName\":\"/tmp/x\"}")]
    [InlineData("proto", 2, "ChatAi.Shared.Proto.Cluster.V1.Wake, ChatAi.Shared", "")]
    [InlineData("daemon-create", 3, "", "")]
    [InlineData("hyperion", -5, "System.String", "x")]
    [InlineData("chatai-cluster", ClusterSerializer.Id, "chat.of-tomorrow", "")]
    public async Task Should_refuse_on_the_way_in_what_nothing_here_writes(
        string name,
        int id,
        string manifest,
        string bytes
    )
    {
        // What it sends as registered goes under another name, since its cluster serializer may be the forged one.
        await using var here = ClusterNode.Start("here", ForgedSerializer.As(name, id));
        var log = NodeLog.Of(_there.System);
        using var inbox = Inbox.Create(_there.System);

        await AssertOnlyTheNextArrives(here, inbox, new Forged(id, manifest, bytes));

        var line = await log.NextAsync($"[{id}]");
        Assert.Contains($"[{manifest}]", line, StringComparison.Ordinal);
    }

    // Messages from one node to one actor keep their order: what was to come first has not come.
    private async Task AssertOnlyTheNextArrives(ClusterNode here, Inbox inbox, object refused)
    {
        var there = here.System.Provider.ResolveActorRef(_there.PathOf(inbox.Receiver));
        there.Tell(refused);
        there.Tell("next");

        Assert.Equal("next", await inbox.ReceiveAsync(Patience));
    }

    [Fact]
    public async Task Should_carry_the_largest_messages()
    {
        await using var here = ClusterNode.Start("here");
        using var inbox = Inbox.Create(_there.System);
        var there = here.System.Provider.ResolveActorRef(_there.PathOf(inbox.Receiver));

        foreach (var message in LargestMessages.All)
        {
            there.Tell(message);
            var read = await inbox.ReceiveAsync(Patience);
            Assert.Equal(Shape.Of(message), Shape.Of(read));
        }
    }

    [Fact]
    public async Task Should_carry_a_session_that_the_other_node_can_answer()
    {
        await using var here = ClusterNode.Start("here");
        using var inbox = Inbox.Create(_there.System);
        using var session = Inbox.Create(here.System);
        var there = here.System.Provider.ResolveActorRef(_there.PathOf(inbox.Receiver));
        var device = new DeviceId(Guid.NewGuid());

        there.Tell(new UserProtocol.Attach(new UserId(Guid.NewGuid()), session.Receiver, device, 20, 1));
        var attach = Assert.IsType<UserProtocol.Attach>(await inbox.ReceiveAsync(Patience));
        attach.Session.Tell(new UserProtocol.SessionRevoked(device));

        Assert.Equal(new UserProtocol.SessionRevoked(device), await session.ReceiveAsync(Patience));
    }
}
