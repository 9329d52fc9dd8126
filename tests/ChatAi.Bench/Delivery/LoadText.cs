using System.Buffers.Text;
using System.Text;

namespace ChatAi.Bench.Delivery;

/// <summary>The text of a load message: which run, whose, the how manieth, padded to the wanted size.</summary>
public static class LoadText
{
    public const int Shortest = 24;

    public static void Write(Span<byte> text, int run, int sender, int number)
    {
        text.Fill((byte)'.');
        Utf8Formatter.TryFormat(run, text, out _, new('D', 4));
        Utf8Formatter.TryFormat(sender, text[5..], out _, new('D', 6));
        Utf8Formatter.TryFormat(number, text[12..], out _, new('D', 8));
    }

    public static bool TryRead(ReadOnlySpan<byte> text, out int run, out int sender, out int number)
    {
        sender = number = 0;
        return TryInt(text, 0, 4, out run) && TryInt(text, 5, 6, out sender) && TryInt(text, 12, 8, out number);
    }

    private static bool TryInt(ReadOnlySpan<byte> text, int start, int length, out int value)
    {
        value = 0;
        return text.Length >= start + length
            && Utf8Parser.TryParse(text.Slice(start, length), out value, out var read)
            && read == length;
    }
}
