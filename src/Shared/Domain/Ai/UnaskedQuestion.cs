namespace ChatAi.Shared.Domain.Ai;

/// <summary>
/// Which messages the assistant answers unasked where a chat wants that: questions to nobody in particular. A question
/// ends with a question mark and addresses nobody by <c>@name</c>.
/// </summary>
public static class UnaskedQuestion
{
    private const string After = " \t\r\n\"'”’»)*_~`.!";

    public static bool Is(string text)
    {
        var end = text.AsSpan().TrimEnd(After);
        if (end.Length < 2 || end[^1] is not ('?' or '？' or '؟'))
            return false;
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
            if (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]))
                return false;
        return true;
    }
}
