using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>Who a text's opening words address.</summary>
/// <param name="Person">The number of the person in the index.</param>
/// <param name="Marked">The name was marked as an address: <c>@name</c>, <c>name:</c>, <c>name,</c>.</param>
internal readonly record struct Address(int Person, bool Marked);

/// <summary>
/// Finds people's names in texts. Learns names as their bearers speak, so a text is read with the names known at
/// its time. A full name or its first word names a person; of two bearers the one who spoke last is meant.
/// </summary>
internal sealed class NameIndex
{
    private const int LongestName = 48;
    private readonly Dictionary<string, int> _full = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _first = new(StringComparer.OrdinalIgnoreCase);
    private int _mostWords = 1;

    public void Learn(int person, string name)
    {
        name = name.Trim();
        if (name.Length is 0 or > LongestName)
            return;
        _full[name] = person;
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _mostWords = Math.Max(_mostWords, Math.Min(words.Length, 5));
        if (words.Length > 1 && words[0].Length > 1)
            _first[words[0]] = person;
    }

    public bool IsName(string word) => _full.ContainsKey(word) || _first.ContainsKey(word);

    /// <summary>The person named by the opening words, a greeting before the name allowed.</summary>
    public Address? Addressee(string text)
    {
        var start = SkipSpace(text, 0);
        if (AddressAt(text, start) is { } direct)
            return direct;
        var end = WordEnd(text, start);
        var word = text.AsSpan(start, end - start).TrimEnd(",.!").ToString().ToLowerInvariant();
        if (!Cues.Greetings.Contains(word) && !Cues.Thanks.Contains(word) && !Cues.Answers.Contains(word))
            return null;
        return AddressAt(text, SkipSpace(text, end));
    }

    /// <summary>Everyone named anywhere in the text, in order of appearance, without repetition.</summary>
    public List<int> Mentions(string text)
    {
        var found = new List<int>();
        var i = 0;
        while ((i = SkipSpace(text, i)) < text.Length)
        {
            var end = WordEnd(text, i);
            while (i < end && text[i] is '(' or '"' or '\'' or ',' or '“')
                i++;
            if (Match(text, i) is { } hit && (hit.At || !IsWeak(text.AsSpan(i, hit.End - i))))
            {
                if (!found.Contains(hit.Person))
                    found.Add(hit.Person);
                end = Math.Max(end, hit.End);
            }

            i = Math.Max(end, i + 1);
        }

        return found;
    }

    private Address? AddressAt(string text, int start)
    {
        // "<name> what they said" quotes somebody in order to answer them
        if (start < text.Length && text[start] == '<')
            start++;
        if (start >= text.Length || Match(text, start) is not { } hit)
            return null;
        var end = hit.End;
        var marked = hit.At || (end < text.Length && text[end] is ':' or ',' or ';' or '>' or '-') || IsDash(text, end);
        return marked || !IsWeak(text.AsSpan(start, hit.End - start)) ? new Address(hit.Person, marked) : null;
    }

    /// <summary>The longest known name that begins at <paramref name="start"/> and ends where a word ends.</summary>
    private (int Person, int End, bool At)? Match(string text, int start)
    {
        var at = start < text.Length && text[start] == '@';
        if (at)
            start++;
        (int, int, bool)? best = null;
        var full = _full.GetAlternateLookup<ReadOnlySpan<char>>();
        var first = _first.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = 0;
        var limit = Math.Min(text.Length, start + LongestName);
        for (var end = start + 1; end <= limit && words < _mostWords; end++)
        {
            if (!EndsName(text, end))
                continue;
            var span = text.AsSpan(start, end - start);
            if (full.TryGetValue(span, out var person))
                best = (person, end, at);
            else if (best is null && first.TryGetValue(span, out person))
                best = (person, end, at);
            if (end < text.Length && text[end] == ' ')
                words++;
        }

        return best;
    }

    /// <summary>Short names and names that are everyday words are names only where they are marked.</summary>
    private static bool IsWeak(ReadOnlySpan<char> name) =>
        name.Length < 3 || StopWords.Contains(name.ToString().ToLowerInvariant());

    private static bool EndsName(string text, int end) =>
        end == text.Length
        || char.IsWhiteSpace(text[end])
        || text[end] is ':' or ',' or ';' or '>' or '.' or '!' or '?' or ')' or '"' or '\'' or '”' or '/'
        || (text[end] == '-' && (end + 1 == text.Length || text[end + 1] == ' '));

    private static bool IsDash(string text, int end) =>
        end + 2 < text.Length && text[end] == ' ' && text[end + 1] is '-' or '–' or '—' && text[end + 2] == ' ';

    private static int SkipSpace(string text, int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i]))
            i++;
        return i;
    }

    private static int WordEnd(string text, int i)
    {
        while (i < text.Length && !char.IsWhiteSpace(text[i]))
            i++;
        return i;
    }
}
