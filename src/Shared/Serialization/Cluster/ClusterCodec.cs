using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Google.Protobuf;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>A message that may cross nodes, and the manifest that it crosses under.</summary>
/// <param name="Manifest">Short and stable; never a CLR name.</param>
public sealed record ClusterType(
    string Manifest,
    Type Type,
    Func<object, IMessage> Write,
    Func<byte[], IActorRefProvider, object> Read
)
{
    internal static ClusterType Of<T, TWire>(
        string manifest,
        MessageParser<TWire> parser,
        Func<T, TWire> write,
        Func<TWire, T> read
    )
        where T : class
        where TWire : IMessage<TWire> => Of(manifest, parser, write, (wire, _) => read(wire));

    /// <summary>For messages that hold references to actors.</summary>
    internal static ClusterType Of<T, TWire>(
        string manifest,
        MessageParser<TWire> parser,
        Func<T, TWire> write,
        Func<TWire, IActorRefProvider, T> read
    )
        where T : class
        where TWire : IMessage<TWire> =>
        new(manifest, typeof(T), o => write((T)o), (bytes, actors) => read(parser.ParseFrom(bytes), actors));

    /// <summary>For messages that say everything by being there.</summary>
    internal static ClusterType Of<T>(string manifest, T instance)
        where T : class => Of(manifest, Proto.Cluster.V1.Empty.Parser, (T _) => Nothing, _ => instance);

    private static readonly Proto.Cluster.V1.Empty Nothing = new();
}

/// <summary>Messages to bytes and back: what <see cref="ClusterSerializer"/> does.</summary>
public sealed class ClusterCodec
{
    /// <summary>The codec of this version of the service.</summary>
    public static readonly ClusterCodec Current = new(ClusterTypes.All);

    private readonly FrozenDictionary<Type, ClusterType> _writers;
    private readonly FrozenDictionary<string, ClusterType> _readers;

    /// <exception cref="ArgumentException">Two entries have the same manifest or type.</exception>
    public ClusterCodec(IReadOnlyCollection<ClusterType> types)
    {
        _writers = types.ToFrozenDictionary(type => type.Type);
        _readers = types.ToFrozenDictionary(type => type.Manifest, StringComparer.Ordinal);
    }

    /// <exception cref="SerializationException">The type has no manifest.</exception>
    public string ManifestOf(object value) => TypeOf(value).Manifest;

    /// <exception cref="SerializationException">The type has no manifest, or a value is not to be written.</exception>
    public byte[] ToBytes(object value) => TypeOf(value).Write(value).ToByteArray();

    /// <exception cref="SerializationException">The manifest is unknown or the bytes are not of its kind.</exception>
    public object FromBytes(byte[] bytes, string manifest, IActorRefProvider actors)
    {
        if (!_readers.TryGetValue(manifest, out var type))
            throw new SerializationException($"The cluster manifest '{manifest}' is unknown to this version.");
        try
        {
            return type.Read(bytes, actors);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"The bytes of a '{manifest}' are damaged.", e);
        }
    }

    private ClusterType TypeOf(object value) =>
        _writers.TryGetValue(value.GetType(), out var type)
            ? type
            : throw new SerializationException($"{value.GetType()} has no cluster manifest: it may not cross nodes.");
}
