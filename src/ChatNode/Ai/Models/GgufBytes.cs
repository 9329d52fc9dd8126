using System.Buffers.Binary;
using System.Text;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary>
/// Little-endian values from a stream that may end or lie anywhere: nothing is allocated by a length that was only
/// read, and every value taken moves the reader on.
/// </summary>
internal sealed class GgufBytes(Stream stream, long length)
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _at;
    private int _filled;
    private long _position;

    public long Position => _position;

    public long Left => length - _position;

    public byte U8(string what) => Take(1, what)[0];

    public uint U32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong U64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A length or count of things that take at least so many bytes each.</summary>
    public long Count(string what, int bytesEach)
    {
        var count = U64(what);
        if (count > (ulong)(Left / bytesEach))
            throw new GgufException($"not a usable GGUF file: {what} is {count}, more than the file can hold");
        return (long)count;
    }

    public string Text(string what, int most)
    {
        var bytes = Count($"the length of {what}", 1);
        if (bytes > most)
            throw new GgufException($"not a usable GGUF file: {what} is {bytes} bytes long, more than {most}");
        var text = new byte[bytes];
        for (var done = 0; done < text.Length; )
        {
            var part = Take(Math.Min(text.Length - done, _buffer.Length), what);
            part.CopyTo(text.AsSpan(done));
            done += part.Length;
        }
        return Encoding.UTF8.GetString(text);
    }

    public void Skip(long bytes, string what)
    {
        if (bytes > Left)
            throw Short(what);
        _position += bytes;
        if (bytes <= _filled - _at)
        {
            _at += (int)bytes;
            return;
        }
        _at = _filled = 0;
        stream.Seek(_position, SeekOrigin.Begin);
    }

    private ReadOnlySpan<byte> Take(int bytes, string what)
    {
        if (_filled - _at < bytes)
        {
            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            _filled -= _at;
            _at = 0;
            _filled += stream.ReadAtLeast(_buffer.AsSpan(_filled), bytes - _filled, throwOnEndOfStream: false);
            if (_filled < bytes)
                throw Short(what);
        }
        _at += bytes;
        _position += bytes;
        return _buffer.AsSpan(_at - bytes, bytes);
    }

    /// <summary>For a terminal: without control characters, and not too long.</summary>
    public static string Shown(string text) =>
        string.Concat((text.Length > 100 ? text[..100] : text).Select(c => char.IsControl(c) ? '?' : c));

    private static GgufException Short(string what) => new($"not a whole GGUF file: it ends within {what}");
}
