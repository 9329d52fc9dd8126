using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>The checks of a sentence that word overlap cannot make: who, how many, and whether at all.</summary>
internal static class Claims
{
    /// <summary>What a subject does in a sentence that reports speech.</summary>
    private static readonly HashSet<string> Speaking = new(
        (
            "said says say asked asks ask told tells suggested suggests suggest recommended recommends answered answers "
            + "replied replies thinks thought wants wanted wrote writes reported reports mentioned mentions proposed "
            + "proposes confirmed confirms explained explains agreed agrees advised advises noted notes complained"
        ).Split(' '),
        StringComparer.Ordinal
    );

    /// <summary>The first check that fails, or null.</summary>
    public static SentenceVerdict? Verdict(
        string sentence,
        List<string> words,
        List<SourceMessage> cited,
        Source source
    )
    {
        if (!NamesHold(sentence, words, cited, source))
            return SentenceVerdict.WrongName;
        if (words.Exists(w => w.Any(char.IsDigit) && !source.IsName(w) && !cited.Exists(m => m.Words.Contains(w))))
            return SentenceVerdict.WrongNumber;
        return NegationHolds(words, cited) ? null : SentenceVerdict.WrongNegation;
    }

    private static bool NamesHold(string sentence, List<string> words, List<SourceMessage> cited, Source source)
    {
        foreach (var name in words.Where(source.IsName))
        {
            // a member's name that is also an everyday word of the talk is no sure sign of the member
            if (!cited.Exists(m => m.Words.Contains(name)))
                return false;
        }

        if (words.Count > 1 && source.IsName(words[0]) && Speaking.Contains(words[1]))
        {
            if (!cited.Exists(m => Words.Of(m.Line.SenderName).Contains(words[0])))
                return false;
        }

        return !source.CapitalsAreNames || InnerCapitals(sentence).All(w => source.AllStems.Contains(Stems.Of(w)));
    }

    /// <summary>Words written with a capital inside the sentence: names, in most alphabets' habits.</summary>
    private static IEnumerable<string> InnerCapitals(string sentence) =>
        sentence
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Select(w => w.Trim('(', ')', '"', '“', '”', ',', ';', ':', '.', '!', '?', '*'))
            .Where(w => w.Length > 1 && char.IsUpper(w[0]))
            .SelectMany(Words.Of)
            .Where(w => w.Length > 1 && !StopWords.Contains(w));

    /// <summary>
    /// A denial needs a denial in something cited; a sentence that rests on one message of about its own length must
    /// deny where that does, unless it asks.
    /// </summary>
    private static bool NegationHolds(List<string> words, List<SourceMessage> cited)
    {
        if (words.Exists(Cues.Negations.Contains))
            return cited.Exists(m => m.Negated);
        return cited.Count != 1
            || !cited[0].Negated
            || cited[0].Words.Count > 2 * words.Count
            || cited[0].Line.Text.Contains('?', StringComparison.Ordinal);
    }
}
