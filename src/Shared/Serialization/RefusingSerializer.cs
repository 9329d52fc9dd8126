using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ChatAi.Shared.Serialization;

/// <summary>
/// Stands in akka.hocon where Akka has its JSON serializer, bound to every type that has no serializer of its own, and
/// where it has others that make what a peer names. Writes nothing and reads nothing: a forgotten binding shows at the
/// first message, and no peer can choose a type or an actor for this node to make.
/// </summary>
/// <param name="settings"><c>refuse-id</c>: the identifier of the serializer whose place this one takes.</param>
public sealed class RefusingSerializer(ExtendedActorSystem system, Config settings) : Serializer(system)
{
    /// <summary>Akka's JSON serializer's own, so that what it wrote ends here.</summary>
    public const int JsonId = 1;

    public override int Identifier { get; } = settings.GetInt("refuse-id", JsonId);

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException(
            $"{obj.GetType()} has no serializer: it is neither written to the journal nor sent to another node."
        );

    public override object FromBinary(byte[] bytes, Type? type) =>
        throw new SerializationException(
            $"Refused: bytes of {type} by serializer {Identifier}. Nothing here writes them."
        );
}
