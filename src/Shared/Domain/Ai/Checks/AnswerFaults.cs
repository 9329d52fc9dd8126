using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>What can be wrong with an answer as a whole.</summary>
public enum AnswerFault
{
    None,

    /// <summary>No words at all.</summary>
    Empty,

    /// <summary>The same over and over: a model that loops.</summary>
    Repetition,

    /// <summary>The prompt's own lines, or more dialogue in their manner, instead of an answer.</summary>
    CopyThrough,

    /// <summary>Nothing was left after the checks of the sentences.</summary>
    NothingHeld,
}

/// <summary>Recognises broken answers by their shape alone.</summary>
internal static class AnswerFaults
{
    public static AnswerFault Of(string answer, Source source)
    {
        var words = Sentences.Of(answer).SelectMany(s => Words.Of(s.Words)).ToList();
        if (words.Count == 0)
            return AnswerFault.Empty;
        if (Repeats(words) || RepeatsSentences(answer))
            return AnswerFault.Repetition;
        return Copies(answer, source) ? AnswerFault.CopyThrough : AnswerFault.None;
    }

    /// <summary>One word six times in a row, or fewer than half of the runs of four words different.</summary>
    private static bool Repeats(List<string> words)
    {
        var run = 1;
        for (var i = 1; i < words.Count; i++)
        {
            run = string.Equals(words[i], words[i - 1], StringComparison.Ordinal) ? run + 1 : 1;
            if (run == 6)
                return true;
        }

        if (words.Count < 24)
            return false;
        var fours = Enumerable.Range(0, words.Count - 3).Select(i => string.Join(' ', words.GetRange(i, 4))).ToList();
        return fours.Distinct(StringComparer.Ordinal).Count() * 2 < fours.Count;
    }

    private static bool RepeatsSentences(string answer) =>
        Sentences
            .Of(answer)
            .Select(s => string.Join(' ', Words.Of(s.Words)))
            .Where(s => s.Contains(' ', StringComparison.Ordinal))
            .CountBy(s => s, StringComparer.Ordinal)
            .Any(c => c.Value >= 3);

    /// <summary>Most lines are the prompt's JSON, or uncited lines of a member's talk.</summary>
    private static bool Copies(string answer, Source source)
    {
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var copied = lines.Count(l => l.StartsWith("{\"seq\":", StringComparison.Ordinal) || IsDialogue(l, source));
        return copied > 0 && copied * 2 >= lines.Length && (lines.Length > 1 || lines[0][0] == '{');
    }

    private static bool IsDialogue(string line, Source source)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon is <= 0 or > 40 || Sentences.Cites(line).Count > 0)
            return false;
        var name = Words.Of(line[..colon]);
        return name.Count > 0 && name.TrueForAll(source.IsName);
    }
}
