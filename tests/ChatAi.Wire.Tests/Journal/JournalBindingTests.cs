using Akka.Actor;
using Akka.Configuration;
using ChatAi.Shared.Serialization;
using ChatAi.Testing;

namespace ChatAi.Wire.Tests.Journal;

/// <summary>The serializer as Akka finds it by akka.hocon.</summary>
public sealed class JournalBindingTests : IAsyncLifetime
{
    private ActorSystem _system = null!;

    public async Task InitializeAsync()
    {
        var file = ConfigurationFactory.ParseString(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "akka.hocon"))
        );
        // Only the serializers: the rest of the file starts a cluster.
        _system = ActorSystem.Create(
            "bindings",
            ConfigurationFactory.ParseString(
                $$"""
                akka.loglevel = OFF
                akka.actor.serializers { {{file.GetConfig("akka.actor.serializers")}} }
                akka.actor.serialization-bindings { {{file.GetConfig("akka.actor.serialization-bindings")}} }
                """
            )
        );
    }

    public async Task DisposeAsync() => await _system.Terminate();

    [Fact]
    public void Should_bind_every_stored_type()
    {
        Assert.Equal(7301, JournalSerializer.Id);
        foreach (var sample in JournalSamples.All)
        {
            var serializer = Assert.IsType<JournalSerializer>(_system.Serialization.FindSerializerFor(sample));
            var read = _system.Serialization.Deserialize(
                serializer.ToBinary(sample),
                serializer.Identifier,
                serializer.Manifest(sample)
            );
            Assert.Equal(Shape.Of(sample), Shape.Of(read));
        }
    }
}
