using Akka.Actor;
using Akka.Serialization;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>
/// Akka's door to <see cref="ClusterCodec"/>: bound in akka.hocon to every message between actors that may stand on
/// different nodes. What is not in the manifest table is refused in both directions.
/// </summary>
public sealed class ClusterSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Equal on every node of every version: never changes.</summary>
    public const int Id = 7302;

    public override int Identifier => Id;

    public override string Manifest(object o) => ClusterCodec.Current.ManifestOf(o);

    public override byte[] ToBinary(object obj) => ClusterCodec.Current.ToBytes(obj);

    public override object FromBinary(byte[] bytes, string manifest) =>
        ClusterCodec.Current.FromBytes(bytes, manifest, system.Provider);
}
