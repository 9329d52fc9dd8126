using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatAi.ChatNode.Gateway.Json;

/// <summary>Makes UTF-8 JSON with one allocation, the result: the writer and its buffer are the thread's own.</summary>
public static class JsonBytes
{
    private const int KeptCapacity = 256 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        // Frames and answers are application/json and never part of a page, so "é" and "<" stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    public static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, Options);
        try
        {
            write(writer, value);
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        finally
        {
            if (buffer.Capacity > KeptCapacity)
                _buffer = new ArrayBufferWriter<byte>(1024);
            else
                buffer.ResetWrittenCount();
            writer.Reset(_buffer!);
        }
    }
}
