using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ChatAi.Shared.Domain.Search;

internal enum SearchKind
{
    /// <summary>Parts words.</summary>
    Gap,

    /// <summary>Adds nothing: an accent, a joiner, a skin tone.</summary>
    Nothing,

    /// <summary>Part of a word.</summary>
    Word,

    /// <summary>Of a script that is written without spaces: found by pairs.</summary>
    Unspaced,

    /// <summary>A word of its own, such as an emoji.</summary>
    Symbol,
}

/// <summary>What a character is to the search: the same on every machine, since no culture and no ICU has a say.</summary>
internal static class Folding
{
    private static readonly FrozenDictionary<char, string> Simpler = Parse(FoldTable.Pairs);

    public static SearchKind KindOf(Rune rune)
    {
        if (rune.IsAscii)
            return char.IsAsciiLetterOrDigit((char)rune.Value) ? SearchKind.Word : SearchKind.Gap;
        if (IsNothing(rune.Value))
            return SearchKind.Nothing;
        if (IsUnspaced(rune.Value))
            return SearchKind.Unspaced;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.OtherSymbol => SearchKind.Symbol,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => SearchKind.Word,
            UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => SearchKind.Word,
            _ => Rune.IsLetterOrDigit(rune) ? SearchKind.Word : SearchKind.Gap,
        };
    }

    public static void Append(StringBuilder word, Rune rune)
    {
        var lower = Rune.ToLowerInvariant(rune);
        if (lower.IsBmp && Simpler.TryGetValue((char)lower.Value, out var simpler))
            word.Append(simpler);
        else
            word.Append(lower.ToString());
    }

    // Accents, vowel points, joiners, variation selectors, skin tones.
    private static bool IsNothing(int c) =>
        c
            is (>= 0x0300 and <= 0x036f)
                or (>= 0x0591 and <= 0x05bd)
                or 0x05bf
                or 0x05c1
                or 0x05c2
                or 0x05c4
                or 0x05c5
                or 0x05c7
                or (>= 0x0610 and <= 0x061a)
                or 0x0640
                or (>= 0x064b and <= 0x065f)
                or 0x0670
                or (>= 0x1ab0 and <= 0x1aff)
                or (>= 0x1dc0 and <= 0x1dff)
                or (>= 0x200b and <= 0x200f)
                or 0x2060
                or (>= 0x20d0 and <= 0x20ff)
                or 0x00ad
                or 0xfeff
                or (>= 0xfe00 and <= 0xfe0f)
                or (>= 0xfe20 and <= 0xfe2f)
                or (>= 0x1f3fb and <= 0x1f3ff);

    // Thai, Lao, Myanmar, Khmer, kana, bopomofo, Han, Hangul (whose particles stick to words).
    private static bool IsUnspaced(int c) =>
        c
            is (>= 0x0e01 and <= 0x0e3a)
                or (>= 0x0e40 and <= 0x0e4e)
                or (>= 0x0e81 and <= 0x0ece)
                or (>= 0x1000 and <= 0x103f)
                or (>= 0x1780 and <= 0x17d3)
                or (>= 0x3005 and <= 0x3007)
                or (>= 0x3041 and <= 0x309f)
                or (>= 0x30a1 and <= 0x30ff and not 0x30fb)
                or (>= 0x3105 and <= 0x312f)
                or (>= 0x3400 and <= 0x4dbf)
                or (>= 0x4e00 and <= 0x9fff)
                or (>= 0xac00 and <= 0xd7a3)
                or (>= 0xf900 and <= 0xfaff)
                or (>= 0xff66 and <= 0xff9f)
                or (>= 0x20000 and <= 0x3ffff);

    private static FrozenDictionary<char, string> Parse(string pairs)
    {
        var simpler = new Dictionary<char, string>();
        foreach (var pair in pairs.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var space = pair.IndexOf(' ', StringComparison.Ordinal);
            foreach (var letter in pair[(space + 1)..])
                simpler.TryAdd(letter, pair[..space]);
        }
        return simpler.ToFrozenDictionary();
    }
}
