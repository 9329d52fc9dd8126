namespace ChatAi.Shared.Domain.Search;

/// <summary>Terms that follow each other in a text.</summary>
/// <param name="Prefix">The last term may go on.</param>
public sealed record SearchPhrase(IReadOnlyList<string> Terms, bool Prefix)
{
    /// <summary>Whether the phrase stands at this place of a text.</summary>
    internal bool IsAt(IReadOnlyList<SearchToken> tokens, int at)
    {
        if (at + Terms.Count > tokens.Count)
            return false;
        for (var i = 0; i < Terms.Count; i++)
        {
            var (term, found) = (Terms[i], tokens[at + i].Term);
            if (Prefix && i == Terms.Count - 1 ? !found.StartsWith(term, StringComparison.Ordinal) : found != term)
                return false;
        }
        return true;
    }
}

/// <summary>A range of a text in UTF-16 units.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
public readonly record struct TextRange(int Start, int End);

/// <summary>
/// What somebody looks for: all phrases must be in a message. Any text is a query; what is neither letter, digit nor
/// symbol parts words, quotation marks hold them together, and the last word may be the beginning of one.
/// </summary>
public sealed record SearchQuery(IReadOnlyList<SearchPhrase> Phrases)
{
    public const int LongestText = 256;
    public const int MostTerms = 32;

    /// <summary>A single letter as the beginning of a word would be nearly every message.</summary>
    private const int ShortestPrefix = 2;

    private static readonly System.Buffers.SearchValues<char> Quotes = System.Buffers.SearchValues.Create("\"“”„«»");

    public bool IsEmpty => Phrases.Count == 0;

    public static SearchQuery Parse(string text)
    {
        var phrases = new List<SearchPhrase>();
        var left = MostTerms;
        var rest = text.AsSpan();
        for (var quoted = false; ; quoted = !quoted)
        {
            var end = rest.IndexOfAny(Quotes);
            // A quotation mark that nothing closes is none.
            var isLast = end < 0;
            var part = (isLast ? rest : rest[..end]).ToString();
            if (quoted && !isLast)
                Add(phrases, part, ref left, false);
            else
                AddWords(phrases, part, ref left, isLast);
            if (isLast)
                return new SearchQuery(phrases);
            rest = rest[(end + 1)..];
        }
    }

    private static void AddWords(List<SearchPhrase> phrases, string part, ref int left, bool isLast)
    {
        var words = part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
            Add(phrases, words[i], ref left, isLast && i == words.Length - 1);
    }

    private static void Add(List<SearchPhrase> phrases, string words, ref int left, bool prefix)
    {
        var tokens = SearchTokens.Of(words);
        if (tokens.Count == 0 || left == 0)
            return;
        var isUnspaced = tokens[^1].Unspaced;
        var isAlone = tokens[^1].Tail && (tokens.Count == 1 || !tokens[^2].Unspaced || tokens[^2].Tail);
        // In a text, a run may go on where that of the query ends: its last pair says enough.
        if (isUnspaced && !isAlone)
            tokens.RemoveAt(tokens.Count - 1);
        var terms = tokens.Take(left).Select(t => t.Term).ToList();
        var isCut = terms.Count < tokens.Count;
        left -= terms.Count;
        phrases.Add(new SearchPhrase(terms, !isCut && (isUnspaced ? isAlone : prefix && IsLongEnough(terms[^1]))));
    }

    private static bool IsLongEnough(string term) => term.EnumerateRunes().Skip(ShortestPrefix - 1).Any();

    /// <summary>Where the phrases stand in a text, in order and apart; null unless all of them are there.</summary>
    public IReadOnlyList<TextRange>? Match(string text)
    {
        if (IsEmpty)
            return null;
        var tokens = SearchTokens.Of(text);
        var ranges = new List<TextRange>();
        foreach (var phrase in Phrases)
        {
            var before = ranges.Count;
            for (var at = 0; at < tokens.Count; at++)
                if (phrase.IsAt(tokens, at))
                    ranges.Add(RangeOf(text, phrase, tokens, at));
            if (ranges.Count == before)
                return null;
        }
        return Joined(ranges);
    }

    private static TextRange RangeOf(string text, SearchPhrase phrase, List<SearchToken> tokens, int at)
    {
        var last = tokens[at + phrase.Terms.Count - 1];
        // One character that begins a pair: the other was not asked for.
        var end =
            phrase.Prefix && last is { Unspaced: true, Tail: false }
                ? last.Start + (char.IsHighSurrogate(text[last.Start]) ? 2 : 1)
                : last.End;
        return new TextRange(tokens[at].Start, end);
    }

    private static List<TextRange> Joined(List<TextRange> ranges)
    {
        var joined = new List<TextRange>();
        foreach (var range in ranges.OrderBy(r => r.Start).ThenBy(r => r.End))
            if (joined.Count > 0 && range.Start < joined[^1].End)
                joined[^1] = new TextRange(joined[^1].Start, Math.Max(joined[^1].End, range.End));
            else
                joined.Add(range);
        return joined;
    }
}
