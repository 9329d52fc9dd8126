using Akka.Actor;
using Akka.Serialization;

namespace ChatAi.Shared.Serialization;

/// <summary>
/// Akka's door to <see cref="JournalCodec"/>: bound in akka.hocon to every event and snapshot. What is not in the
/// manifest table is refused in both directions; there is no fallback.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored beside every row of the journal: never changes.</summary>
    public const int Id = 7301;

    public override int Identifier => Id;

    public override string Manifest(object o) => JournalCodec.Current.ManifestOf(o);

    public override byte[] ToBinary(object obj) => JournalCodec.Current.ToBytes(obj);

    public override object FromBinary(byte[] bytes, string manifest) => JournalCodec.Current.FromBytes(bytes, manifest);
}
