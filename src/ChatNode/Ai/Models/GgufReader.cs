namespace ChatAi.ChatNode.Ai.Models;

/// <summary>Reads the head of a GGUF file (versions 2 and 3): metadata and the list of tensors, not the tensors.</summary>
public static class GgufReader
{
    private const uint Magic = 0x46554747;
    private const int MostPairs = 100_000;
    private const int MostTensors = 1_000_000;
    private const int KeyBytes = 65_535;
    private const int TextBytes = 1 << 20;
    private const int MostDimensions = 4;
    private const int MostDepth = 4;

    private const uint Bool = 7;
    private const uint String = 8;
    private const uint Array = 9;

    /// <exception cref="GgufException">It is none, or cut short.</exception>
    public static GgufHeader ReadFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        return Read(file);
    }

    /// <param name="stream">Seekable, at its beginning.</param>
    /// <exception cref="GgufException">It is none, or cut short.</exception>
    public static GgufHeader Read(Stream stream)
    {
        var bytes = new GgufBytes(stream, stream.Length);
        if (bytes.Left < 4 || bytes.U32("the magic number") != Magic)
            throw new GgufException("not a GGUF file: it does not begin with 'GGUF'");
        var version = bytes.U32("the version");
        if (version is not (2 or 3))
            throw new GgufException($"GGUF version {version} is not known (2 and 3 are)");
        var tensors = bytes.Count("the number of tensors", 24);
        var pairs = bytes.Count("the number of metadata pairs", 13);
        if (tensors is 0 or > MostTensors)
            throw new GgufException($"not a usable GGUF file: {tensors} tensors");
        if (pairs is 0 or > MostPairs)
            throw new GgufException($"not a usable GGUF file: {pairs} metadata pairs");

        var facts = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0L; i < pairs; i++)
        {
            var key = bytes.Text("a metadata key", KeyBytes);
            var shown = GgufBytes.Shown(key);
            var type = bytes.U32($"the type of '{shown}'");
            if (Value(bytes, shown, type) is { } value)
                facts[key] = value;
        }
        if (facts.GetValueOrDefault("general.architecture") is not string { Length: > 0 } architecture)
            throw new GgufException("not a usable GGUF file: it names no architecture");
        var list = GgufTensors.Read(bytes, tensors, KeyBytes, MostDimensions);
        var alignment = Number(facts, "general.alignment") is > 0 and <= 1 << 20 and var given ? given : 32;
        var head = (bytes.Position + alignment - 1) / alignment * alignment;
        var needed = list.DataBytes > long.MaxValue - head ? long.MaxValue : head + list.DataBytes;
        if (needed > stream.Length)
            throw new GgufException($"not a whole GGUF file: {stream.Length} bytes of at least {needed}");
        return new GgufHeader(
            (int)version,
            GgufBytes.Shown(architecture),
            GgufBytes.Shown(facts.GetValueOrDefault("general.name") as string ?? ""),
            list.Parameters,
            (int)Math.Clamp(Number(facts, $"{architecture}.context_length") ?? 0, 0, int.MaxValue),
            GgufTypes.FileType(Number(facts, "general.file_type")) ?? list.MostlyOf,
            facts.GetValueOrDefault("tokenizer.chat_template") is string { Length: > 0 },
            Number(facts, "split.count") > 1 ? (int)Math.Clamp(Number(facts, "split.no") ?? 0, 0, 65_535) : null,
            needed
        );
    }

    /// <summary>Texts and whole numbers; null for what is of no use here.</summary>
    private static object? Value(GgufBytes bytes, string key, uint type)
    {
        switch (type)
        {
            case String when IsWanted(key):
                return bytes.Text($"the value of '{key}'", TextBytes);
            case 4 or 5: // 32 bits, without and with sign
                var number = bytes.U32(key);
                return type == 5 ? (int)number : (long)number;
            case 10:
                return bytes.U64(key) is <= long.MaxValue and var large ? (long)large : long.MaxValue;
            case 2:
                var low = bytes.U8(key);
                return (long)(low | (bytes.U8(key) << 8));
            case 0:
                return (long)bytes.U8(key);
            default:
                Skip(bytes, key, type, 0);
                return null;
        }
    }

    private static bool IsWanted(string key) =>
        key is "general.architecture" or "general.name" or "tokenizer.chat_template";

    private static void Skip(GgufBytes bytes, string key, uint type, int depth)
    {
        switch (type)
        {
            case String:
                bytes.Skip(bytes.Count($"the length of '{key}'", 1), $"'{key}'");
                break;
            case Array when depth < MostDepth:
                var items = bytes.U32($"the type of '{key}'");
                var size = SizeOf(key, items == String || items == Array ? Bool : items);
                var count = bytes.Count($"the number of values of '{key}'", items is String or Array ? 8 : size);
                if (items is not (String or Array))
                    bytes.Skip(count * size, $"'{key}'");
                else
                    for (var i = 0L; i < count; i++)
                        Skip(bytes, key, items, depth + 1);
                break;
            default:
                bytes.Skip(SizeOf(key, type), $"'{key}'");
                break;
        }
    }

    private static int SizeOf(string key, uint type) =>
        type switch
        {
            0 or 1 or Bool => 1,
            2 or 3 => 2,
            4 or 5 or 6 => 4,
            10 or 11 or 12 => 8,
            _ => throw new GgufException($"not a usable GGUF file: '{key}' has the unknown type {type}"),
        };

    private static long? Number(Dictionary<string, object> facts, string key) =>
        facts.GetValueOrDefault(key) switch
        {
            long number => number,
            int number => number,
            _ => null,
        };
}
