namespace ChatAi.ChatNode.Ai.Models;

/// <summary>The numbers of the format's number types: names, and bytes a block.</summary>
internal static class GgufTypes
{
    /// <summary>Name, values a block, bytes a block; by <c>ggml_type</c>.</summary>
    private static readonly Dictionary<uint, (string Name, int Values, int Bytes)> Tensors = new()
    {
        [0] = ("F32", 1, 4),
        [1] = ("F16", 1, 2),
        [2] = ("Q4_0", 32, 18),
        [3] = ("Q4_1", 32, 20),
        [6] = ("Q5_0", 32, 22),
        [7] = ("Q5_1", 32, 24),
        [8] = ("Q8_0", 32, 34),
        [10] = ("Q2_K", 256, 84),
        [11] = ("Q3_K", 256, 110),
        [12] = ("Q4_K", 256, 144),
        [13] = ("Q5_K", 256, 176),
        [14] = ("Q6_K", 256, 210),
        [20] = ("IQ4_NL", 32, 18),
        [23] = ("IQ4_XS", 256, 136),
        [24] = ("I8", 1, 1),
        [25] = ("I16", 1, 2),
        [26] = ("I32", 1, 4),
        [27] = ("I64", 1, 8),
        [28] = ("F64", 1, 8),
        [30] = ("BF16", 1, 2),
    };

    /// <summary>By <c>general.file_type</c>.</summary>
    private static readonly Dictionary<long, string> Files = new()
    {
        [0] = "F32",
        [1] = "F16",
        [2] = "Q4_0",
        [3] = "Q4_1",
        [7] = "Q8_0",
        [8] = "Q5_0",
        [9] = "Q5_1",
        [10] = "Q2_K",
        [11] = "Q3_K_S",
        [12] = "Q3_K_M",
        [13] = "Q3_K_L",
        [14] = "Q4_K_S",
        [15] = "Q4_K_M",
        [16] = "Q5_K_S",
        [17] = "Q5_K_M",
        [18] = "Q6_K",
        [25] = "IQ4_NL",
        [30] = "IQ4_XS",
        [32] = "BF16",
    };

    public static string? FileType(long? number) => number is { } known ? Files.GetValueOrDefault(known) : null;

    public static string NameOf(uint type) => Tensors.TryGetValue(type, out var known) ? known.Name : $"type {type}";

    /// <summary>0 for a type that is not known here: the file is then taken to be long enough.</summary>
    public static long BytesOf(uint type, long values)
    {
        if (!Tensors.TryGetValue(type, out var known))
            return 0;
        var blocks = (values / known.Values) + (values % known.Values == 0 ? 0 : 1);
        return blocks > long.MaxValue / known.Bytes ? long.MaxValue : blocks * known.Bytes;
    }
}

/// <summary>What the list of tensors adds up to.</summary>
/// <param name="MostlyOf">The type that most parameters have.</param>
internal sealed record GgufTensors(long Parameters, long DataBytes, string MostlyOf)
{
    public static GgufTensors Read(GgufBytes bytes, long count, int nameBytes, int mostDimensions)
    {
        var total = 0L;
        var end = 0L;
        var byType = new Dictionary<uint, long>();
        for (var i = 0L; i < count; i++)
        {
            bytes.Skip(NameLength(bytes, nameBytes), "a tensor's name");
            var dimensions = bytes.U32("a tensor's number of dimensions");
            if (dimensions > mostDimensions)
                throw new GgufException($"not a usable GGUF file: a tensor of {dimensions} dimensions");
            var values = 1L;
            for (var d = 0; d < dimensions; d++)
            {
                var size = bytes.U64("a tensor's dimensions");
                if (size == 0 || size > (ulong)(long.MaxValue / values))
                    throw new GgufException("not a usable GGUF file: a tensor's dimensions are out of bounds");
                values *= (long)size;
            }
            var type = bytes.U32("a tensor's type");
            var offset = bytes.U64("a tensor's offset");
            var size64 = GgufTypes.BytesOf(type, values);
            if (offset > (ulong)(long.MaxValue - size64) || values > long.MaxValue - total)
                throw new GgufException("not a usable GGUF file: a tensor lies beyond all bounds");
            total += values;
            end = Math.Max(end, (long)offset + size64);
            byType[type] = byType.GetValueOrDefault(type) + values;
        }
        return new GgufTensors(total, end, GgufTypes.NameOf(byType.MaxBy(t => t.Value).Key));
    }

    private static long NameLength(GgufBytes bytes, int most)
    {
        var length = bytes.Count("the length of a tensor's name", 1);
        return length <= most ? length : throw new GgufException("not a usable GGUF file: a tensor's name is too long");
    }
}
