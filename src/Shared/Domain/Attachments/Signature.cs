using System.Text;

namespace ChatAi.Shared.Domain.Attachments;

/// <summary>What a file is by its first bytes: a small table, no more is looked at.</summary>
public static class Signature
{
    /// <summary>So many first bytes are enough.</summary>
    public const int Bytes = 512;

    public const string Zip = "application/zip";

    private static readonly (string Type, int At, byte[] Magic)[] Table =
    [
        ("image/png", 0, [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        ("image/jpeg", 0, [0xFF, 0xD8, 0xFF]),
        ("image/gif", 0, "GIF87a"u8.ToArray()),
        ("image/gif", 0, "GIF89a"u8.ToArray()),
        ("application/pdf", 0, "%PDF-"u8.ToArray()),
        ("video/webm", 0, [0x1A, 0x45, 0xDF, 0xA3]),
        ("audio/ogg", 0, "OggS"u8.ToArray()),
        ("audio/mpeg", 0, "ID3"u8.ToArray()),
        (Zip, 0, [(byte)'P', (byte)'K', 3, 4]),
        (Zip, 0, [(byte)'P', (byte)'K', 5, 6]),
    ];

    public static bool Knows(string type) => type is "image/webp" or "video/mp4" || Table.Any(row => row.Type == type);

    /// <summary>A media type, <see cref="MediaType.Text"/> for UTF-8 without control characters, or null.</summary>
    /// <param name="head">The first <see cref="Bytes"/> bytes, or all where there are fewer.</param>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        foreach (var (type, at, magic) in Table)
            if (head.Length >= at + magic.Length && head.Slice(at, magic.Length).SequenceEqual(magic))
                return type;
        if (head.Length >= 12 && head.StartsWith("RIFF"u8))
            return head.Slice(8, 4).SequenceEqual("WEBP"u8) ? "image/webp"
                : head.Slice(8, 4).SequenceEqual("WAVE"u8) ? "audio/wav"
                : null;
        if (head.Length >= 12 && head.Slice(4, 4).SequenceEqual("ftyp"u8))
            return IsMp4(head.Slice(8, 4)) ? "video/mp4" : null;
        if (IsMp3Frame(head))
            return "audio/mpeg";
        return IsText(head) ? MediaType.Text : null;
    }

    // Brands of ISO 14496-12 that are films; others of the same container are pictures (heic, avif) or sound.
    private static bool IsMp4(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("iso"u8)
        || brand.StartsWith("mp4"u8)
        || brand.SequenceEqual("avc1"u8)
        || brand.SequenceEqual("M4V "u8)
        || brand.SequenceEqual("dash"u8)
        || brand.SequenceEqual("MSNV"u8)
        || brand.SequenceEqual("qt  "u8);

    // MPEG-1 or 2, layer III, with a bit rate and a sampling rate that exist.
    private static bool IsMp3Frame(ReadOnlySpan<byte> head) =>
        head.Length >= 4
        && head[0] == 0xFF
        && (head[1] & 0xF6) == 0xF2
        && (head[2] & 0xF0) is not (0xF0 or 0)
        && (head[2] & 0x0C) != 0x0C;

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Encoding.UTF8.Preamble))
            head = head[Encoding.UTF8.Preamble.Length..];
        if (head.IsEmpty)
            return false;
        while (!head.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(head, out var rune, out var used);
            // The last character may be cut where the head ends.
            if (status == System.Buffers.OperationStatus.NeedMoreData)
                return true;
            if (status != System.Buffers.OperationStatus.Done)
                return false;
            if (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r' or '\f'))
                return false;
            head = head[used..];
        }
        return true;
    }
}
