using System.Text.RegularExpressions;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>Leaves of a phone number what tells two apart in a support case, and no more.</summary>
public static partial class PhoneNumberMask
{
    /// <summary>International numbers keep their last two digits: <c>+…42</c>.</summary>
    public static string Apply(string text) =>
        text.Contains('+', StringComparison.Ordinal) || text.Contains("%2B", StringComparison.OrdinalIgnoreCase)
            ? International().Replace(text, "+…${last}")
            : text;

    // As the service writes them (E.164), and as an address or an entity's path has them.
    [GeneratedRegex(
        @"(?:\+|%2[Bb])\d{5,13}(?<last>\d{2})",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex International();
}
