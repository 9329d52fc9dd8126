using System.Globalization;
using System.Text.RegularExpressions;
using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai;

/// <summary>Takes out of an answer of the assistant what it had from a message that is no longer what it was.</summary>
public static partial class QuoteRedaction
{
    public const string Deleted = "(quoted message was deleted)";
    public const string Edited = "(quoted message was edited)";

    /// <summary>How much of an uncited line must come from the changed message for the line to go.</summary>
    private const double Share = 0.5;

    /// <summary>
    /// The text without the lines that cite the message, and without uncited lines whose words are mostly its words; null
    /// where there are none. Whole lines go: within one, what came from where is not known.
    /// </summary>
    /// <param name="old">The message's words before the change; null where they are not known.</param>
    public static string? Without(string text, long seq, string? old, string mark)
    {
        var words = old is null ? [] : Stems.Content(old).ToHashSet(StringComparer.Ordinal);
        var lines = text.Split('\n');
        var changed = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var cites = CitesOf(lines[i]);
            if (cites.Contains(seq) || (cites.Count == 0 && IsMostlyOf(lines[i], words)))
                (lines[i], changed) = (mark, true);
        }
        return changed ? string.Join('\n', lines) : null;
    }

    /// <summary>The numbers that a text cites, as in <c>[#4]</c> or <c>[#4, #7]</c>.</summary>
    public static IReadOnlySet<long> CitesOf(string text)
    {
        var cites = new HashSet<long>();
        foreach (Match group in Citation().Matches(text))
        foreach (Match number in Number().Matches(group.Value))
            if (long.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
                cites.Add(seq);
        return cites;
    }

    private static bool IsMostlyOf(string line, HashSet<string> words)
    {
        if (words.Count == 0 || line is Deleted or Edited)
            return false;
        var own = Stems.Content(line).Distinct(StringComparer.Ordinal).ToList();
        return own.Count > 0 && own.Count(words.Contains) >= Share * own.Count;
    }

    [GeneratedRegex(@"\[#[0-9][^\[\]]*\]", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Citation();

    [GeneratedRegex("(?<=#)[0-9]{1,18}", RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Number();
}
