using System.Text.RegularExpressions;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>
/// Takes links and images out of a model's answer, since whoever reads one may call a host that somebody else chose, and
/// tell it by the address what they should not know. A link stays whose host is allowed, or that stands, character for
/// character, in a message that the answer rests on.
/// </summary>
/// <param name="hosts">Host names, without port or path; a name does not stand for the names below it.</param>
public sealed partial class LinkGuard(IEnumerable<string> hosts)
{
    public const string Removed = "(link removed)";

    /// <summary>No host is allowed.</summary>
    public static readonly LinkGuard Strict = new([]);

    private readonly HashSet<string> _hosts = new(hosts, StringComparer.OrdinalIgnoreCase);

    /// <param name="list">As in the configuration: separated by commas.</param>
    public static LinkGuard Of(string list) =>
        new(list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <param name="messages">Texts whose links may stay.</param>
    public string Clean(string text, IReadOnlyCollection<string> messages)
    {
        // Most answers have none.
        if (text.AsSpan().IndexOfAny(":/\\.(") < 0)
            return text;
        var known = messages.SelectMany(LinksOf).ToHashSet(StringComparer.Ordinal);
        text = Markdown().Replace(text, found => Shown(found, known));
        return Bare().Replace(text, found => Kept(found.Value, known));
    }

    // A citation in front of brackets stays one.
    private string Shown(Match link, HashSet<string> known)
    {
        var label = link.Groups["label"].Value;
        if (IsAllowed(link.Groups["target"].Value, known))
            return link.Value;
        return label.TrimStart().StartsWith('#') ? $"[{label}]" : label;
    }

    private string Kept(string found, HashSet<string> known)
    {
        var link = Trim(found);
        return IsAllowed(link, known) ? found : Removed + found[link.Length..];
    }

    private bool IsAllowed(string link, HashSet<string> known) =>
        known.Contains(link)
        || (
            Uri.TryCreate(link, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length == 0
            && _hosts.Contains(uri.IdnHost)
        );

    private static IEnumerable<string> LinksOf(string message) => Bare().Matches(message).Select(m => Trim(m.Value));

    // What ends a sentence is not part of the address.
    private static string Trim(string link) => link.TrimEnd('.', ',', ';', ':', '!', '?', '*', '_', '~', '\'');

    [GeneratedRegex(
        @"!?\[(?<label>[^\[\]\n]*)\]\(\s*<?(?<target>[^\s)>]*)>?[^)\n]*\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Markdown();

    [GeneratedRegex(
        """
            (?:
              [a-z][a-z0-9+.-]{1,20}:[/\\]{1,} |          # https://host, also what browsers read as it
              (?<![\w:/\\])[/\\]{2}(?=[\w\[]) |           # //host
              (?<!\w)(?:javascript|vbscript|data|mailto|tel|sms|file):(?=\S) |
              (?<![\p{L}\p{N}])www\. |
              (?<![\p{L}\p{N}])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::[0-9]{1,5})?[/?]
            )
            [^\s<>"`|\])}]*
            """,
        RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnoreCase
            | RegexOptions.IgnorePatternWhitespace,
        10_000
    )]
    private static partial Regex Bare();
}
