using System.Text.RegularExpressions;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>Leaves of a phone number what tells two apart in a support case, and no more.</summary>
public static partial class PhoneNumberMask
{
    private const int PatienceMs = 1_000;

    /// <summary>
    /// International numbers keep their last two digits: <c>+…42</c>. What is looked up, in whatever way it is typed, goes.
    /// </summary>
    public static string Apply(string text)
    {
        if (text.Contains("phone=", StringComparison.OrdinalIgnoreCase))
            text = Parameter().Replace(text, "${name}…");
        return text.Contains('+', StringComparison.Ordinal) ? International().Replace(text, "+…${last}") : text;
    }

    [GeneratedRegex(@"\+\d{5,13}(?<last>\d{2})", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex International();

    [GeneratedRegex(@"(?<name>phone=)[^\s&""']+", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, PatienceMs)]
    private static partial Regex Parameter();
}
