using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Cluster;
using ChatAi.Testing;
using ChatAi.Wire.Tests.Journal;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>The serializers as Akka finds them by akka.hocon.</summary>
public sealed class ClusterBindingTests : IAsyncLifetime
{
    private readonly ClusterNode _node = ClusterNode.Start("bindings");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public void Should_bring_every_message_across()
    {
        Assert.Equal(7302, ClusterSerializer.Id);
        foreach (var sample in ClusterSamples.All(ClusterSamples.Session))
        {
            var serializer = Assert.IsType<ClusterSerializer>(_node.System.Serialization.FindSerializerFor(sample));
            var read = _node.System.Serialization.Deserialize(
                serializer.ToBinary(sample),
                serializer.Identifier,
                serializer.Manifest(sample)
            );
            Assert.IsType(sample.GetType(), read);
            Assert.Equal(ShapeOf(sample), ShapeOf(read));
        }
    }

    [Fact]
    public void Should_read_the_recorded_bytes()
    {
        foreach (var sample in ClusterSamples.All(ClusterSamples.Session).DistinctBy(sample => sample.GetType()))
        {
            var manifest = ClusterCodec.Current.ManifestOf(sample);
            var read = _node.System.Serialization.Deserialize(
                GoldenFiles.Read("Cluster/" + manifest),
                ClusterSerializer.Id,
                manifest
            );
            Assert.Equal(ShapeOf(sample), ShapeOf(read));
        }
    }

    // A reference is what it points at.
    private static string ShapeOf(object message) =>
        message is UserProtocol.Attach attach
            ? $"{attach.Session.Path.ToSerializationFormat()} {attach.User} {attach.Device} {attach.MaxSessions} {attach.Correlation}"
            : Shape.Of(message);
}
