using System.Globalization;
using System.Text;

namespace ChatAi.Shared.Domain.Attachments;

/// <summary>Names of files as people may be shown them: no folder, nothing invisible, nothing that turns the text around.</summary>
public static class FileName
{
    public const int MostBytes = 255;
    public const string Default = "file";

    /// <summary>The longest end that counts as a kind of file and outlives the cut of a long name.</summary>
    private const int MostExtension = 16;

    /// <summary>A name of 1 to <see cref="MostBytes"/> bytes of UTF-8, whatever was given.</summary>
    public static string Clean(string? name)
    {
        var kept = new StringBuilder();
        foreach (var rune in LastPart(name ?? "").EnumerateRunes())
            if (IsWhite(rune))
                kept.Append(' ');
            else if (IsPlain(rune))
                kept.Append(rune.ToString());
        // Windows drops dots and blanks at the end: no two names that differ only there.
        var clean = kept.ToString().Trim(' ').TrimEnd('.', ' ');
        if (clean.Trim('.', ' ').Length == 0)
            return Default;
        return Cut(clean);
    }

    private static string LastPart(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];

    private static bool IsWhite(Rune rune) => Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune);

    // Format characters are the invisible ones: direction overrides, joiners, byte order marks.
    private static bool IsPlain(Rune rune) =>
        rune != Rune.ReplacementChar
        && rune.Value is not ('"' or '<' or '>' or '|' or ':' or '*' or '?')
        // Letters and signs that show nothing: fillers of Hangul, the empty pattern of Braille.
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800)
        && Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.OtherNotAssigned
            );

    private static string Cut(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MostBytes)
            return name;
        var dot = name.LastIndexOf('.');
        var end = dot > 0 && name.Length - dot <= MostExtension ? name[dot..] : "";
        var left = MostBytes - Encoding.UTF8.GetByteCount(end);
        var start = new StringBuilder();
        foreach (var rune in name.AsSpan(0, name.Length - end.Length).EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
                break;
            start.Append(rune.ToString());
        }
        return start.ToString().TrimEnd('.', ' ') + end;
    }
}
