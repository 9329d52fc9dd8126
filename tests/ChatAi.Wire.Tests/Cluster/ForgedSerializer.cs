using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>Bytes as a peer with other settings, an older program or an attacker may send them.</summary>
public sealed record Forged(int Serializer, string Manifest, string Bytes);

/// <summary>Sends <see cref="Forged"/> messages under the identifier that its name in the settings has.</summary>
public sealed class ForgedSerializer(ExtendedActorSystem system, Config settings) : SerializerWithStringManifest(system)
{
    public override int Identifier { get; } = settings.GetInt("forge-id");

    public override string Manifest(object o) => ((Forged)o).Manifest;

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Forged)obj).Bytes);

    public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException();

    /// <summary>Settings of a node whose serializer of this name is this one.</summary>
    public static string As(string name, int id) =>
        $$"""
            akka.actor {
              serializers.{{name}} = "{{typeof(ForgedSerializer).AssemblyQualifiedName}}"
              serialization-settings.{{name}}.forge-id = {{id}}
              serialization-bindings { "{{typeof(Forged).AssemblyQualifiedName}}" = {{name}} }
            }
            """;
}
