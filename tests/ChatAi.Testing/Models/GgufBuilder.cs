using System.Text;

namespace ChatAi.Testing.Models;

/// <summary>Writes the bytes of small GGUF files, sound ones and others.</summary>
public sealed class GgufBuilder
{
    private readonly List<(string Key, Action<BinaryWriter> Value)> _pairs = [];
    private readonly List<(string Name, ulong[] Shape, uint Type, ulong Offset)> _tensors = [];

    public uint Magic { get; set; } = 0x46554747;

    public uint Version { get; set; } = 3;

    /// <summary>Bytes behind the head.</summary>
    public int DataBytes { get; set; } = 4_096;

    /// <summary>A head like that of a small chat model; 1,024 parameters.</summary>
    public static GgufBuilder Chat(string name = "Small Talk") =>
        new GgufBuilder()
            .Text("general.architecture", "llama")
            .Text("general.name", name)
            .Number("general.file_type", 7)
            .Number("llama.context_length", 2_048)
            .Texts("tokenizer.ggml.tokens", "<s>", "hello", "")
            .Floats("tokenizer.ggml.scores", 1, 2, 3)
            .Text("tokenizer.chat_template", "{% for m in messages %}{{ m.content }}{% endfor %}")
            .Tensor("token_embd.weight", 8, 0, 32, 32);

    /// <summary>What <see cref="Chat"/> holds, with a body of so many bytes.</summary>
    public static byte[] ChatFile(int dataBytes = 4_096, string name = "Small Talk")
    {
        var builder = Chat(name);
        builder.DataBytes = dataBytes;
        return builder.Build();
    }

    public GgufBuilder Text(string key, string value) =>
        Pair(
            key,
            w =>
            {
                w.Write(8u);
                Write(w, value);
            }
        );

    public GgufBuilder Number(string key, uint value) =>
        Pair(
            key,
            w =>
            {
                w.Write(4u);
                w.Write(value);
            }
        );

    public GgufBuilder Texts(string key, params string[] values) =>
        Pair(
            key,
            w =>
            {
                w.Write(9u);
                w.Write(8u);
                w.Write((ulong)values.Length);
                foreach (var value in values)
                    Write(w, value);
            }
        );

    public GgufBuilder Floats(string key, params float[] values) =>
        Pair(
            key,
            w =>
            {
                w.Write(9u);
                w.Write(6u);
                w.Write((ulong)values.Length);
                foreach (var value in values)
                    w.Write(value);
            }
        );

    /// <summary>Any bytes in the place of a type and its value.</summary>
    public GgufBuilder Pair(string key, Action<BinaryWriter> value)
    {
        _pairs.Add((key, value));
        return this;
    }

    public GgufBuilder Tensor(string name, uint type, ulong offset, params ulong[] shape)
    {
        _tensors.Add((name, shape, type, offset));
        return this;
    }

    public byte[] Build(ulong? tensors = null, ulong? pairs = null)
    {
        using var bytes = new MemoryStream();
        using var w = new BinaryWriter(bytes);
        w.Write(Magic);
        w.Write(Version);
        w.Write(tensors ?? (ulong)_tensors.Count);
        w.Write(pairs ?? (ulong)_pairs.Count);
        foreach (var (key, value) in _pairs)
        {
            Write(w, key);
            value(w);
        }
        foreach (var (name, shape, type, offset) in _tensors)
        {
            Write(w, name);
            w.Write((uint)shape.Length);
            foreach (var size in shape)
                w.Write(size);
            w.Write(type);
            w.Write(offset);
        }
        while (bytes.Length % 32 != 0)
            w.Write((byte)0);
        var body = new byte[DataBytes];
        new Random(17).NextBytes(body);
        w.Write(body);
        w.Flush();
        return bytes.ToArray();
    }

    private static void Write(BinaryWriter w, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        w.Write((ulong)bytes.Length);
        w.Write(bytes);
    }
}
