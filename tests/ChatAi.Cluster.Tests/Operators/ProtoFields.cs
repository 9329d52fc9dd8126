using System.Text;

namespace ChatAi.Cluster.Tests.Operators;

/// <summary>The bytes of one field of a protobuf message; empty where the message has none.</summary>
public readonly record struct ProtoField(byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public string Hex => Convert.ToHexStringLower(Bytes);

    public IEnumerable<ProtoField> All(int number) => ProtoFields.Of(Bytes).All(number);

    public ProtoField One(int number) => ProtoFields.Of(Bytes).One(number);
}

/// <summary>A protobuf message without its schema: enough to pick fields with a length out of one.</summary>
public sealed class ProtoFields
{
    private readonly List<(int Number, byte[] Bytes)> _fields = [];

    public static ProtoFields Of(byte[] message)
    {
        var read = new ProtoFields();
        var rest = message.AsSpan();
        while (!rest.IsEmpty)
        {
            var key = Varint(ref rest);
            var length = (int)(key & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(ref rest),
                5 => 4,
                var type => throw new InvalidDataException($"No wire type {type}."),
            };
            if ((key & 7) == 0)
                Varint(ref rest);
            if ((key & 7) == 2)
                read._fields.Add(((int)(key >> 3), rest[..length].ToArray()));
            rest = rest[length..];
        }
        return read;
    }

    public IEnumerable<ProtoField> All(int number) =>
        _fields.Where(f => f.Number == number).Select(f => new ProtoField(f.Bytes));

    public ProtoField One(int number) => All(number).FirstOrDefault(new ProtoField([]));

    private static ulong Varint(ref Span<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = rest[0];
            rest = rest[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
