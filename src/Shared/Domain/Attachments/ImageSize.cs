using System.Buffers.Binary;

namespace ChatAi.Shared.Domain.Attachments;

/// <summary>
/// Width and height as a picture's header says, read without decoding anything. Bounded: at most
/// <see cref="MostBytes"/> of the file are looked at.
/// </summary>
public sealed record ImageSize(int Width, int Height)
{
    public const int MostBytes = 1_048_576;
    public const int MostSide = 20_000;
    public const long MostPixels = 120_000_000;

    /// <summary>Nobody's picture: it would cost its reader's memory.</summary>
    public bool IsAbsurd =>
        Width < 1 || Height < 1 || Width > MostSide || Height > MostSide || (long)Width * Height > MostPixels;

    public static bool Knows(string type) => type is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    /// <summary>Null where the header is cut or makes no sense.</summary>
    public static ImageSize? Of(string type, ReadOnlySpan<byte> start) =>
        type switch
        {
            "image/png" => Png(start),
            "image/gif" => Gif(start),
            "image/webp" => WebP(start),
            "image/jpeg" => Jpeg(start),
            _ => null,
        };

    private static ImageSize? Png(ReadOnlySpan<byte> b) =>
        b.Length >= 24 && b.Slice(12, 4).SequenceEqual("IHDR"u8)
            ? Checked(BinaryPrimitives.ReadUInt32BigEndian(b[16..]), BinaryPrimitives.ReadUInt32BigEndian(b[20..]))
            : null;

    private static ImageSize? Gif(ReadOnlySpan<byte> b) =>
        b.Length >= 10
            ? Checked(BinaryPrimitives.ReadUInt16LittleEndian(b[6..]), BinaryPrimitives.ReadUInt16LittleEndian(b[8..]))
            : null;

    private static ImageSize? WebP(ReadOnlySpan<byte> b)
    {
        if (b.Length < 30)
            return null;
        var kind = b.Slice(12, 4);
        if (kind.SequenceEqual("VP8X"u8))
            return Checked(1 + UInt24(b[24..]), 1 + UInt24(b[27..]));
        if (kind.SequenceEqual("VP8L"u8) && b[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(b[21..]);
            return Checked(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
        }
        if (kind.SequenceEqual("VP8 "u8) && b[23] == 0x9D && b[24] == 0x01 && b[25] == 0x2A)
            return Checked(
                BinaryPrimitives.ReadUInt16LittleEndian(b[26..]) & 0x3FFFu,
                BinaryPrimitives.ReadUInt16LittleEndian(b[28..]) & 0x3FFFu
            );
        return null;
    }

    private static ImageSize? Jpeg(ReadOnlySpan<byte> b)
    {
        var at = 2;
        while (at + 8 < b.Length)
        {
            if (b[at] != 0xFF)
                return null;
            var marker = b[at + 1];
            // Fill bytes and markers without a length.
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }
            // The picture begins, or ends, without a frame header.
            if (marker is 0xD9 or 0xDA)
                return null;
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return Checked(
                    BinaryPrimitives.ReadUInt16BigEndian(b[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(b[(at + 5)..])
                );
            var length = BinaryPrimitives.ReadUInt16BigEndian(b[(at + 2)..]);
            if (length < 2)
                return null;
            at += 2 + length;
        }
        return null;
    }

    private static uint UInt24(ReadOnlySpan<byte> b) => b[0] | ((uint)b[1] << 8) | ((uint)b[2] << 16);

    private static ImageSize Checked(uint width, uint height) =>
        new((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));
}
