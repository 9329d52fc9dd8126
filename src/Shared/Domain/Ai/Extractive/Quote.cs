using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChatAi.Shared.Domain.Ai.Extractive;

/// <summary>
/// Writes and reads one quote: <c>name: words [#seq]</c> on one line. The words are the message's own: only white
/// space is changed, and a long message ends with an ellipsis. What looks like a citation inside a message or a name
/// is broken by a space, so that nobody can forge one.
/// </summary>
internal static partial class Quote
{
    public const int MaxChars = 240;
    private const int MaxName = 40;
    private const string Ellipsis = " …";

    public static string Of(TranscriptLine line, int maxChars = MaxChars) =>
        $"{Name(line.SenderName)}: {Shorten(Flat(line.Text), maxChars)} {Cite(line.Seq)}";

    public static string Cite(long seq) => string.Create(CultureInfo.InvariantCulture, $"[#{seq}]");

    /// <summary>A name on one line, short, without anything that could be read as the end of a name or a citation.</summary>
    public static string Name(string name)
    {
        var flat = Shorten(Flat(name).Replace(":", "", StringComparison.Ordinal), MaxName);
        return flat.Length == 0 ? "someone" : flat;
    }

    /// <summary>The <c>seq</c> at the end of a line that is a quote; null for any other line.</summary>
    public static long? SeqOf(string line) =>
        Ending().Match(line) is { Success: true } m
        && long.TryParse(m.Groups["seq"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : null;

    /// <summary>One line: white space and control characters become single spaces.</summary>
    public static string Flat(string text)
    {
        var flat = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c) && !char.IsControl(c))
                flat.Append(c);
            else if (flat.Length > 0 && flat[^1] != ' ')
                flat.Append(' ');
        }

        return flat.ToString().TrimEnd().Replace("[#", "[ #", StringComparison.Ordinal);
    }

    /// <summary>At most <paramref name="maxChars"/> UTF-16 units, cut between words and never inside a character.</summary>
    public static string Shorten(string text, int maxChars)
    {
        if (text.Length <= maxChars)
            return text;
        var end = Math.Max(0, maxChars - Ellipsis.Length);
        var space = text.LastIndexOf(' ', end);
        if (space > end / 2)
            end = space;
        while (end > 0 && !IsTextElementStart(text, end))
            end--;
        return text[..end].TrimEnd() + Ellipsis;
    }

    private static bool IsTextElementStart(string text, int at) =>
        !char.IsLowSurrogate(text[at])
        && CharUnicodeInfo.GetUnicodeCategory(text[at])
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format);

    [GeneratedRegex(
        @"\[#(?<seq>[0-9]{1,18})\]\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Ending();
}
