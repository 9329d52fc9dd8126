using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>A sentence of a generated answer as it was written, without its citations.</summary>
/// <param name="Words">The sentence without citations.</param>
/// <param name="Cites">The numbers it cites, in order, without repetition; not yet checked.</param>
/// <param name="EndsLine">The last one of its line.</param>
internal sealed record Sentence(string Words, IReadOnlyList<long> Cites, bool EndsLine);

/// <summary>Splits an answer into sentences; a citation after the full stop belongs to the sentence before it.</summary>
internal static partial class Sentences
{
    public static IEnumerable<Sentence> Of(string answer)
    {
        foreach (var line in answer.Split('\n'))
        {
            var parts = Parts(line.Trim()).ToList();
            for (var i = 0; i < parts.Count; i++)
            {
                var words = Collapse().Replace(Citation().Replace(parts[i], " "), " ").Trim();
                words = SpaceBeforeStop().Replace(words, "${stop}");
                yield return new Sentence(words, Cites(parts[i]), i == parts.Count - 1);
            }
        }
    }

    /// <summary>All numbers cited in a text, in order, without repetition.</summary>
    public static IReadOnlyList<long> Cites(string text) =>
        [
            .. Citation()
                .Matches(text)
                .SelectMany(m => Number().Matches(m.Value))
                .Select(m => long.Parse(m.Value, CultureInfo.InvariantCulture))
                .Distinct(),
        ];

    private static IEnumerable<string> Parts(string line)
    {
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (!IsStop(line, i))
                continue;
            var end = i + 1;
            while (end < line.Length && line[end] is '.' or '!' or '?' or '"' or '”' or '\'' or ')' or '»')
                end++;
            while (TrailingCitation().Match(line, end) is { Success: true } m && m.Index == end)
                end += m.Length;
            if (end < line.Length && line[end] is '.' or '!' or '?')
                end++;
            yield return line[start..end];
            start = end;
            i = end - 1;
        }

        if (line[start..].Trim().Length > 0)
            yield return line[start..];
    }

    /// <summary>A stop ends a sentence before white space, a citation or the end: not in "10.04" or "example.org".</summary>
    private static bool IsStop(string line, int i)
    {
        if (line[i] is '。' or '！' or '？')
            return true;
        if (line[i] is not ('.' or '!' or '?' or '…'))
            return false;
        var next = i + 1;
        while (next < line.Length && line[next] is '.' or '!' or '?' or '"' or '”' or '\'' or ')' or '»')
            next++;
        if (next < line.Length && !char.IsWhiteSpace(line[next]) && line[next] != '[')
            return false;
        // "e.g. this", "J. Doe": a lone letter before the stop is no end
        return !(
            line[i] == '.' && i > 0 && char.IsLetter(line[i - 1]) && (i == 1 || !char.IsLetterOrDigit(line[i - 2]))
        );
    }

    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"\[\s*#[0-9]{1,18}(\s*,\s*#?[0-9]{1,18})*\s*\]", Plain, 10_000)]
    private static partial Regex Citation();

    [GeneratedRegex(@"\G\s*\[\s*#[0-9]{1,18}(\s*,\s*#?[0-9]{1,18})*\s*\]", Plain, 10_000)]
    private static partial Regex TrailingCitation();

    [GeneratedRegex("[0-9]{1,18}", Plain, 10_000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", Plain, 10_000)]
    private static partial Regex Collapse();

    [GeneratedRegex(@"\s+(?<stop>[.!?,;]+)$", Plain, 10_000)]
    private static partial Regex SpaceBeforeStop();
}
