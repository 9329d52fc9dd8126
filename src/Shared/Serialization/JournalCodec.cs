using System.Collections.Frozen;
using System.Runtime.Serialization;
using Google.Protobuf;

namespace ChatAi.Shared.Serialization;

/// <summary>A type that is written to the journal, and the manifest that it is written under.</summary>
/// <param name="Manifest">Stable for ever; never a CLR name.</param>
public sealed record JournalType(string Manifest, Type Type, Func<object, IMessage> Write, Func<byte[], object> Read)
{
    public static JournalType Of<T, TWire>(
        string manifest,
        MessageParser<TWire> parser,
        Func<T, TWire> write,
        Func<TWire, T> read
    )
        where T : class
        where TWire : IMessage<TWire> =>
        new(manifest, typeof(T), o => write((T)o), bytes => read(parser.ParseFrom(bytes)));
}

/// <summary>A manifest that is only read: makes today's event of bytes that an older version wrote.</summary>
public sealed record JournalUpcaster(string Manifest, Func<byte[], object> Read)
{
    public static JournalUpcaster Of<T, TWire>(string manifest, MessageParser<TWire> parser, Func<TWire, T> upcast)
        where T : class
        where TWire : IMessage<TWire> => new(manifest, bytes => upcast(parser.ParseFrom(bytes)));
}

/// <summary>Events and snapshots to bytes and back: what <see cref="JournalSerializer"/> does, without Akka.</summary>
public sealed class JournalCodec
{
    /// <summary>The codec of this version of the service.</summary>
    public static readonly JournalCodec Current = new(JournalTypes.All, JournalTypes.Upcasters);

    private readonly FrozenDictionary<Type, JournalType> _writers;
    private readonly FrozenDictionary<string, Func<byte[], object>> _readers;

    /// <exception cref="ArgumentException">Two entries have the same manifest or type.</exception>
    public JournalCodec(IReadOnlyCollection<JournalType> types, IReadOnlyCollection<JournalUpcaster> upcasters)
    {
        var readers = new Dictionary<string, Func<byte[], object>>(StringComparer.Ordinal);
        var writers = new Dictionary<Type, JournalType>();
        foreach (var type in types)
        {
            writers.Add(type.Type, type);
            readers.Add(type.Manifest, type.Read);
        }
        foreach (var upcaster in upcasters)
            readers.Add(upcaster.Manifest, upcaster.Read);
        _writers = writers.ToFrozenDictionary();
        _readers = readers.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <exception cref="ArgumentException">The type has no manifest.</exception>
    public string ManifestOf(object value) => TypeOf(value).Manifest;

    /// <exception cref="ArgumentException">The type has no manifest.</exception>
    public byte[] ToBytes(object value) => TypeOf(value).Write(value).ToByteArray();

    /// <exception cref="SerializationException">The manifest is unknown or the bytes are not of its kind.</exception>
    public object FromBytes(byte[] bytes, string manifest)
    {
        if (!_readers.TryGetValue(manifest, out var read))
            throw new SerializationException($"The journal manifest '{manifest}' is unknown to this version.");
        try
        {
            return read(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"The bytes of a '{manifest}' are damaged.", e);
        }
    }

    private JournalType TypeOf(object value) =>
        _writers.TryGetValue(value.GetType(), out var type)
            ? type
            : throw new ArgumentException($"{value.GetType()} has no journal manifest.", nameof(value));
}
