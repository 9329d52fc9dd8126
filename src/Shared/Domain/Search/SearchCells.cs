using System.Text;

namespace ChatAi.Shared.Domain.Search;

/// <summary>
/// How the index of both databases is divided. A cell is <see cref="Size"/> consecutive numbers of one chat; every term
/// is stored with its cell, so that a question to the index touches nothing but one cell, however common its words.
/// </summary>
public static class SearchCells
{
    public const int Size = 2_048;

    /// <summary>PostgreSQL keeps no more places of a term in a message.</summary>
    private const int MostPlaces = 255;

    public static long Of(long seq) => seq / Size;

    /// <summary>
    /// What terms of a cell begin with. Chats may share it, once in four thousand million pairs: whoever reads must look at
    /// the chat, too.
    /// </summary>
    public static string Prefix(ChatId chat, long cell) => $"{chat.ToString()[^8..]}.{cell:x}.";

    /// <summary>The tokens of a message in order; null where the index passes over one but counts its place.</summary>
    public static IEnumerable<string?> Terms(string text)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in SearchTokens.Of(text))
        {
            var before = places.GetValueOrDefault(token.Term);
            places[token.Term] = before + 1;
            yield return before < MostPlaces ? token.Term : null;
        }
    }
}
