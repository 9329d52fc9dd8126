using System.Buffers;
using System.Globalization;
using System.Text;

namespace ChatAi.Shared.Domain.Ai.Text;

/// <summary>
/// Splits a text into comparable words: runs of letters, digits and marks (an apostrophe inside a word joins),
/// lower-cased without culture. Scripts written without spaces give overlapping pairs of characters, the usual
/// index unit for them; a lone character gives itself.
/// </summary>
public static class Words
{
    /// <summary>All words in order, stop words included. Addresses (<c>scheme://…</c>) are left out.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var i = 0;
        while (i < text.Length)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var end = i;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            if (!text.AsSpan(i, end - i).Contains("://", StringComparison.Ordinal))
                Split(text, i, end, words);
            i = end;
        }

        return words;
    }

    /// <summary>The words that carry content: no stop word of any language in the table.</summary>
    public static List<string> Content(string text)
    {
        var words = Of(text);
        words.RemoveAll(StopWords.Contains);
        return words;
    }

    private static void Split(string text, int from, int to, List<string> words)
    {
        var word = new StringBuilder();
        string? lastUnspaced = null;
        var pairs = 0;
        for (var i = from; i < to; )
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i, to - i), out var rune, out var size) != OperationStatus.Done)
                rune = Rune.ReplacementChar;
            var at = i;
            i += size;
            if (IsUnspaced(rune))
            {
                Flush(word, words);
                var one = rune.ToString();
                if (lastUnspaced is not null)
                {
                    words.Add(lastUnspaced + one);
                    pairs++;
                }

                lastUnspaced = one;
                continue;
            }

            EndUnspaced(ref lastUnspaced, ref pairs, words);
            if (IsWordPart(rune))
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (!(word.Length > 0 && IsJoiner(text, at, to)))
                Flush(word, words);
            else if (text[at] is not ('\'' or '\u2019'))
                word.Append(text[at]);
        }

        EndUnspaced(ref lastUnspaced, ref pairs, words);
        Flush(word, words);
    }

    /// <summary>"don't" is "dont"; "10.04", "3,5", "10:30" and "apt-get" stay whole.</summary>
    private static bool IsJoiner(string text, int at, int to)
    {
        if (at + 1 >= to)
            return false;
        var (before, c, after) = (text[at - 1], text[at], text[at + 1]);
        return c switch
        {
            '\'' or '\u2019' => char.IsLetter(before) && char.IsLetter(after),
            '.' or ',' or ':' => char.IsAsciiDigit(before) && char.IsAsciiDigit(after),
            '-' or '_' => char.IsLetterOrDigit(before) && char.IsLetterOrDigit(after),
            _ => false,
        };
    }

    private static void Flush(StringBuilder word, List<string> words)
    {
        if (word.Length == 0)
            return;
        words.Add(word.ToString());
        word.Clear();
    }

    private static void EndUnspaced(ref string? last, ref int pairs, List<string> words)
    {
        if (last is not null && pairs == 0)
            words.Add(last);
        last = null;
        pairs = 0;
    }

    internal static bool IsUnspaced(Rune r) =>
        r.Value
            is (>= 0x3040 and <= 0x30ff)
                or (>= 0x3400 and <= 0x4dbf)
                or (>= 0x4e00 and <= 0x9fff)
                or (>= 0xf900 and <= 0xfaff)
                or (>= 0x0e00 and <= 0x0e7f)
                or (>= 0x20000 and <= 0x3ffff);

    private static bool IsWordPart(Rune r) =>
        Rune.IsLetterOrDigit(r)
        || Rune.GetUnicodeCategory(r) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
