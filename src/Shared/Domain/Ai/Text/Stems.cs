namespace ChatAi.Shared.Domain.Ai.Text;

/// <summary>
/// A light stemmer for matching, not for reading: the commonest English endings go (in the manner of Harman's
/// s-stemmer, 1991), and long words are cut to their first seven letters, which joins inflected forms in most
/// alphabetic languages (McNamee and Mayfield 2004). Words with digits stay whole.
/// </summary>
public static class Stems
{
    private const int Longest = 7;
    private static readonly string[] Plurals = ["ies", "es", "s"];
    private static readonly string[] Endings = ["ing", "ed", "e", "y"];

    public static string Of(string word)
    {
        if (
            word.Length < 4
            || word.AsSpan().ContainsAnyInRange('0', '9')
            || word.Contains('-', StringComparison.Ordinal)
        )
            return word;
        word = Without(Without(word, Plurals), Endings);
        return word.Length > Longest ? word[..Longest] : word;
    }

    private static string Without(string word, string[] endings)
    {
        foreach (var ending in endings)
            if (word.Length - ending.Length >= 3 && word.EndsWith(ending, StringComparison.Ordinal))
                return word[..^ending.Length];
        return word;
    }

    /// <summary>How many of the stems are among these; all, where there are none.</summary>
    public static double Share(List<string> stems, HashSet<string> of) =>
        stems.Count == 0 ? 1 : (double)stems.Count(of.Contains) / stems.Count;

    /// <summary>The stems of a text's content words, in order, with repetition.</summary>
    public static List<string> Content(string text) => Words.Content(text).ConvertAll(Of);
}
