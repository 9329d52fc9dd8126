using System.Buffers.Binary;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>
/// Remembers which client ids a chat has seen, in bounded memory: a scalable Bloom filter (Almeida, Baquero, Preguiça
/// and Hutchison 2007; layers that double) for the ids that left the ring of recent messages. "No" is certain; "maybe"
/// costs one look into the read table. Full layers are never cleared: past <see cref="Capacity"/> ids every answer is
/// "maybe", and the filter keeps its size.
/// </summary>
public sealed class CidFilter
{
    private const int FirstLayer = 1_024;
    private const int MaxLayers = 6;

    // A full layer says "maybe" wrongly to 0.15 % of new ids, all six of them together to less than 1 %.
    private const int BitsAnId = 14;
    private const int Hashes = 7;

    /// <summary>How many ids fit before the filter says "maybe" to everything.</summary>
    public const int Capacity = FirstLayer * ((1 << MaxLayers) - 1);

    private readonly List<ulong[]> _layers = [];
    private int _inLast;

    public bool Saturated { get; private set; }

    public long Bytes => _layers.Sum(layer => (long)layer.Length * sizeof(ulong));

    public void Add(UserId sender, ClientMessageId cid)
    {
        if (Saturated)
            return;
        if (_layers.Count == 0 || _inLast == FirstLayer << (_layers.Count - 1))
        {
            if (_layers.Count == MaxLayers)
            {
                Saturated = true;
                _layers.Clear();
                return;
            }
            _layers.Add(new ulong[(FirstLayer << _layers.Count) * BitsAnId / 64]);
            _inLast = 0;
        }
        var bits = _layers[^1];
        var (a, b) = Hash(sender, cid);
        for (var i = 0; i < Hashes; i++)
        {
            var bit = Bit(a, b, i, bits);
            bits[bit >> 6] |= 1UL << (int)(bit & 63);
        }
        _inLast++;
    }

    public bool MayContain(UserId sender, ClientMessageId cid)
    {
        if (Saturated)
            return true;
        if (_layers.Count == 0)
            return false;
        var (a, b) = Hash(sender, cid);
        foreach (var bits in _layers)
        {
            var all = true;
            for (var i = 0; all && i < Hashes; i++)
            {
                var bit = Bit(a, b, i, bits);
                all = (bits[bit >> 6] & (1UL << (int)(bit & 63))) != 0;
            }
            if (all)
                return true;
        }
        return false;
    }

    /// <summary>The filter as bytes for a snapshot: saturated, ids in the last layer, layers; little-endian.</summary>
    public byte[] ToBytes()
    {
        var result = new byte[5 + Bytes];
        result[0] = Saturated ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(1), _inLast);
        var at = 5;
        foreach (var word in _layers.SelectMany(layer => layer))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(at), word);
            at += sizeof(ulong);
        }
        return result;
    }

    /// <exception cref="FormatException">The bytes are not a filter's.</exception>
    public static CidFilter FromBytes(ReadOnlySpan<byte> bytes)
    {
        var filter = new CidFilter();
        if (bytes.Length == 0)
            return filter;
        if (bytes.Length < 5)
            throw new FormatException("A client id filter has at least 5 bytes.");
        filter.Saturated = bytes[0] == 1;
        filter._inLast = BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        var rest = bytes[5..];
        while (rest.Length > 0)
        {
            var words = new ulong[(FirstLayer << filter._layers.Count) * BitsAnId / 64];
            if (rest.Length < words.Length * sizeof(ulong))
                throw new FormatException("A client id filter ends within a layer.");
            for (var i = 0; i < words.Length; i++)
                words[i] = BinaryPrimitives.ReadUInt64LittleEndian(rest[(i * sizeof(ulong))..]);
            filter._layers.Add(words);
            rest = rest[(words.Length * sizeof(ulong))..];
        }
        return filter;
    }

    // Double hashing (Kirsch and Mitzenmacher 2006).
    private static ulong Bit(ulong a, ulong b, int i, ulong[] bits) => (a + ((ulong)i * b)) % ((ulong)bits.Length * 64);

    private static (ulong A, ulong B) Hash(UserId sender, ClientMessageId cid)
    {
        Span<byte> bytes = stackalloc byte[32];
        sender.Value.TryWriteBytes(bytes);
        cid.Value.TryWriteBytes(bytes[16..]);
        ulong a = 0,
            b = 0x9E3779B97F4A7C15;
        for (var i = 0; i < 32; i += 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[i..]);
            a = Mix(a ^ word);
            b = Mix(b + word);
        }
        return (a, b | 1);
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
