using System.Runtime.InteropServices;
using System.Text;

namespace ChatAi.Testing.Models;

/// <summary>The part of the GGUF format (version 3) that a small model needs.</summary>
public sealed class GgufWriter
{
    private const int Alignment = 32;
    private readonly List<Action<BinaryWriter>> _values = [];
    private readonly List<(string Name, int[] Shape, Element Type, byte[] Data)> _tensors = [];

    private enum Element
    {
        Float = 0,
        Half = 1,
    }

    private enum Type
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        Text = 8,
        Array = 9,
    }

    public void Number(string key, int value) => Value(key, Type.UInt32, to => to.Write((uint)value));

    public void Real(string key, float value) => Value(key, Type.Float32, to => to.Write(value));

    public void Flag(string key, bool value) => Value(key, Type.Bool, to => to.Write(value));

    public void Text(string key, string value) => Value(key, Type.Text, to => Text(to, value));

    public void Texts(string key, IEnumerable<string> values) => Array(key, Type.Text, values, Text);

    public void Reals(string key, IEnumerable<float> values) =>
        Array(key, Type.Float32, values, (to, v) => to.Write(v));

    public void Numbers(string key, IEnumerable<int> values) => Array(key, Type.Int32, values, (to, v) => to.Write(v));

    public void Floats(string name, float[] values, params int[] shape) =>
        _tensors.Add((name, shape, Element.Float, MemoryMarshal.AsBytes<float>(values).ToArray()));

    public void Halves(string name, float[] values, params int[] shape)
    {
        var halves = System.Array.ConvertAll(values, value => (Half)value);
        _tensors.Add((name, shape, Element.Half, MemoryMarshal.AsBytes<Half>(halves).ToArray()));
    }

    public void Save(string path)
    {
        using var to = new BinaryWriter(File.Create(path));
        to.Write("GGUF"u8);
        to.Write(3);
        to.Write((long)_tensors.Count);
        to.Write((long)_values.Count);
        _values.ForEach(write => write(to));
        var offset = 0L;
        foreach (var (name, shape, type, data) in _tensors)
        {
            Text(to, name);
            to.Write(shape.Length);
            System.Array.ForEach(shape, size => to.Write((long)size));
            to.Write((int)type);
            to.Write(offset);
            offset += Padded(data.Length);
        }

        Pad(to, to.BaseStream.Position);
        foreach (var tensor in _tensors)
        {
            to.Write(tensor.Data);
            Pad(to, tensor.Data.Length);
        }
    }

    private void Value(string key, Type type, Action<BinaryWriter> write) =>
        _values.Add(to =>
        {
            Text(to, key);
            to.Write((int)type);
            write(to);
        });

    private void Array<T>(string key, Type type, IEnumerable<T> values, Action<BinaryWriter, T> write)
    {
        var all = values.ToList();
        Value(
            key,
            Type.Array,
            to =>
            {
                to.Write((int)type);
                to.Write((long)all.Count);
                all.ForEach(value => write(to, value));
            }
        );
    }

    private static void Text(BinaryWriter to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        to.Write((long)bytes.Length);
        to.Write(bytes);
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter to, long length) => to.Write(new byte[Padded(length) - length]);
}
