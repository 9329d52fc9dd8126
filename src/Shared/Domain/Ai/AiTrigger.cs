using System.Globalization;

namespace ChatAi.Shared.Domain.Ai;

/// <summary>What a message asks of the assistant.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Prompt">The person's words without the mention and without the word that chose the kind.</param>
public sealed record AiRequest(AiRunKind Kind, string Prompt);

/// <summary>
/// Decides from a person's text alone whether it asks the assistant. Callers must not ask about the assistant's
/// or a bot's own messages: nothing the assistant writes ever triggers it.
/// </summary>
public static class AiTrigger
{
    private const string Mention = "@AI";

    private static readonly (string Phrase, AiRunKind Kind)[] Verbs =
    [
        ("summarize", AiRunKind.Summarize),
        ("summarise", AiRunKind.Summarize),
        ("summary", AiRunKind.Summarize),
        ("catch me up", AiRunKind.CatchUp),
        ("catch up", AiRunKind.CatchUp),
        ("catch-up", AiRunKind.CatchUp),
        ("catchup", AiRunKind.CatchUp),
    ];

    /// <summary>
    /// The request in <paramref name="text"/>, or null where it asks nothing. In a direct chat with the assistant
    /// (<paramref name="directWithAssistant"/>) every text is a request.
    /// </summary>
    public static AiRequest? Detect(string text, bool directWithAssistant)
    {
        var at = FindMention(text);
        if (at >= 0)
        {
            var after = text[(at + Mention.Length)..];
            if (Verb(after) is { } named)
                return named;
            var before = text[..at].Trim();
            var rest = after.TrimStart(' ', '\t', '\r', '\n', ',', ':').TrimEnd();
            // "@AI" in the middle of a sentence is part of it; at either end it only addresses the assistant.
            var prompt =
                before.Length == 0 ? rest
                : rest.Length == 0 ? before.TrimEnd(',', ' ')
                : $"{before} {rest}";
            return new AiRequest(AiRunKind.Reply, prompt);
        }

        if (!directWithAssistant)
            return null;
        return Verb(text) ?? new AiRequest(AiRunKind.Reply, text.Trim());
    }

    /// <summary>What a text asks of which is known that it is for the assistant.</summary>
    public static string PromptOf(string text) => Detect(text, directWithAssistant: true)?.Prompt ?? text.Trim();

    private static AiRequest? Verb(string text)
    {
        var start = 0;
        while (start < text.Length && (char.IsWhiteSpace(text[start]) || text[start] is ',' or ':' or '-' or '/'))
            start++;
        var rest = text.AsSpan(start);
        if (rest.StartsWith("please ", StringComparison.OrdinalIgnoreCase))
            rest = rest["please ".Length..].TrimStart();
        foreach (var (phrase, kind) in Verbs)
        {
            if (!rest.StartsWith(phrase, StringComparison.OrdinalIgnoreCase))
                continue;
            if (rest.Length > phrase.Length && IsWordPart(rest[phrase.Length]))
                continue;
            return new AiRequest(kind, rest[phrase.Length..].TrimStart(" \t\r\n,:.!?").TrimEnd().ToString());
        }

        return null;
    }

    private static int FindMention(string text)
    {
        var from = 0;
        while (from < text.Length)
        {
            var at = text.IndexOf(Mention, from, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return -1;
            if (StartsWord(text, at) && EndsWord(text, at + Mention.Length) && !InUrl(text, at) && !InCode(text, at))
                return at;
            from = at + Mention.Length;
        }

        return -1;
    }

    /// <summary>No letter, digit, path or address character stands before the mention.</summary>
    private static bool StartsWord(string text, int at)
    {
        if (at == 0)
            return true;
        var c = text[at - 1];
        return !IsWordPart(c) && c is not ('@' or '/' or '\\' or '.' or '+' or '-' or '%' or '&' or '=' or '#' or '$');
    }

    private static bool EndsWord(string text, int end)
    {
        if (end == text.Length)
            return true;
        var c = text[end];
        if (IsWordPart(c) || c is '@' or '/' or '\\' or '&' or '=' or '#')
            return false;
        // "@ai.com", "@AI-based", "@AI+x" and "@ai::Foo" are longer words; "@AI.", "@AI - x" and "@AI: x" are not.
        if (c is '.' or '-' or '+' or '(' or '<' || (c == ':' && end + 1 < text.Length && text[end + 1] == ':'))
            return end + 1 == text.Length || !(IsWordPart(text[end + 1]) || text[end + 1] == ':' || c is '(' or '<');
        return true;
    }

    /// <summary>
    /// Letters, digits, marks and underscore make words. Scripts written without spaces do not: a mention may
    /// touch Han, kana or Hangul on either side.
    /// </summary>
    private static bool IsWordPart(char c)
    {
        if (c is (>= '\u3040' and <= '\u30ff') or (>= '\u3400' and <= '\u9fff') or (>= '\uac00' and <= '\ud7af'))
            return false;
        // Joiners make one word of what they stand between.
        return c is '_' or '\u200c' or '\u200d' or '\u2060'
            || char.IsLetterOrDigit(c)
            || char.IsSurrogate(c)
            || CharUnicodeInfo.GetUnicodeCategory(c)
                is UnicodeCategory.NonSpacingMark
                    or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark;
    }

    private static bool InUrl(string text, int at)
    {
        var start = at;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]))
            start--;
        var token = text.AsSpan(start, at - start);
        return token.Contains("://", StringComparison.Ordinal)
            || token.Contains("www.", StringComparison.OrdinalIgnoreCase)
            || token.Contains("mailto:", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Inside `code` or a ```block```: as many closing back-ticks as opening ones, as in CommonMark.</summary>
    private static bool InCode(string text, int at)
    {
        var i = 0;
        while (i < at)
        {
            if (text[i] != '`')
            {
                i++;
                continue;
            }

            var run = TickRun(text, i);
            var close = i + run;
            while (close < text.Length)
            {
                if (text[close] != '`')
                {
                    close++;
                    continue;
                }

                var other = TickRun(text, close);
                if (other == run)
                    break;
                close += other;
            }

            if (close >= text.Length)
            {
                i += run; // never closed: plain characters
                continue;
            }

            if (at < close)
                return true;
            i = close + run;
        }

        return false;
    }

    private static int TickRun(string text, int from)
    {
        var end = from;
        while (end < text.Length && text[end] == '`')
            end++;
        return end - from;
    }
}
