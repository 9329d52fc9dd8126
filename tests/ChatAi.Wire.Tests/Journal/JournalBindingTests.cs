using ChatAi.Shared.Serialization;
using ChatAi.Testing;
using ChatAi.Wire.Tests.Cluster;

namespace ChatAi.Wire.Tests.Journal;

/// <summary>The serializer as Akka finds it by akka.hocon.</summary>
public sealed class JournalBindingTests : IAsyncLifetime
{
    private readonly ClusterNode _node = ClusterNode.Start("journal");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public void Should_bind_every_stored_type()
    {
        Assert.Equal(7301, JournalSerializer.Id);
        foreach (var sample in JournalSamples.All)
        {
            var serializer = Assert.IsType<JournalSerializer>(_node.System.Serialization.FindSerializerFor(sample));
            var read = _node.System.Serialization.Deserialize(
                serializer.ToBinary(sample),
                serializer.Identifier,
                serializer.Manifest(sample)
            );
            Assert.Equal(Shape.Of(sample), Shape.Of(read));
        }
    }
}
