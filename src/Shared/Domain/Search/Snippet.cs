using System.Globalization;
using System.Text;

namespace ChatAi.Shared.Domain.Search;

/// <summary>The part of a message around what was found, as plain text on one line.</summary>
/// <param name="Marks">What was found, as ranges of the text: rising, apart.</param>
public sealed record Snippet(string Text, IReadOnlyList<TextRange> Marks)
{
    public const int Length = 160;
    private const int Before = 40;
    private const int WordSearch = 16;

    /// <param name="found">Rising, apart.</param>
    public static Snippet Of(string text, IReadOnlyList<TextRange> found)
    {
        var first = found.Count > 0 ? found[0].Start : 0;
        var (from, to) = Window(text, first);
        var result = new StringBuilder(to - from + 2);
        if (from > 0)
            result.Append('…');
        var shift = result.Length - from;
        // One for one, so that places stay.
        for (var i = from; i < to; i++)
            result.Append(char.IsWhiteSpace(text[i]) || char.IsControl(text[i]) ? ' ' : text[i]);
        if (to < text.Length)
            result.Append('…');
        var marks = found
            .Where(r => r.Start >= from && r.Start < to)
            .Select(r => new TextRange(r.Start + shift, Math.Min(r.End, to) + shift));
        return new Snippet(result.ToString(), [.. marks]);
    }

    private static (int From, int To) Window(string text, int first)
    {
        if (text.Length <= Length)
            return (0, text.Length);
        var cuts = Cuts(text, first);
        var from = first <= Before ? 0 : NextCut(text, cuts, first - Before, first);
        if (text.Length - from < Length - 1)
            from = NextCut(text, cuts, Math.Max(0, text.Length - Length + 1), first);
        var room = Length - 1 - (from > 0 ? 1 : 0);
        var to = text.Length - from <= room + 1 ? text.Length : LastCut(text, cuts, from + room);
        return (from, Math.Max(to, from));
    }

    // Where a text may be cut: between what people see as characters. A few hundred units around are enough to look at.
    private static SortedSet<int> Cuts(string text, int first)
    {
        var cuts = new SortedSet<int>();
        for (var i = 0; i <= text.Length; )
        {
            if (i >= first - Length)
                cuts.Add(i);
            if (i == text.Length || i > first + 2 * Length)
                break;
            i += StringInfo.GetNextTextElementLength(text.AsSpan(i));
        }
        return cuts;
    }

    // The first cut from here on, behind a space if one is near.
    private static int NextCut(string text, SortedSet<int> cuts, int at, int first)
    {
        for (var i = at; i <= Math.Min(at + WordSearch, first); i++)
            if (i > 0 && char.IsWhiteSpace(text[i - 1]) && cuts.Contains(i))
                return i;
        var next = cuts.GetViewBetween(at, Math.Max(at, first));
        return next.Count > 0 ? next.Min : first;
    }

    private static int LastCut(string text, SortedSet<int> cuts, int at)
    {
        for (var i = Math.Min(at, text.Length - 1); i > at - WordSearch && i > 0; i--)
            if (char.IsWhiteSpace(text[i]) && cuts.Contains(i))
                return i;
        var last = cuts.GetViewBetween(0, at);
        return last.Count > 0 ? last.Max : at;
    }
}
