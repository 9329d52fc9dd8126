using System.Text;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>
/// <see cref="LinkGuard"/> for an answer that comes in pieces: words pass at once; the rest of a word that may be a link
/// waits for the word's end. At most what precedes the host gets out of a link that is then refused.
/// </summary>
/// <param name="messages">Texts whose links may stay.</param>
public sealed class LinkStream(LinkGuard guard, IReadOnlyCollection<string> messages)
{
    private readonly StringBuilder _word = new();
    private int _shown;
    private bool _holds;

    public string Take(string piece)
    {
        var passed = new StringBuilder(piece.Length);
        foreach (var c in piece)
        {
            if (char.IsWhiteSpace(c))
            {
                passed.Append(Flush()).Append(c);
                continue;
            }
            _holds = _holds || BeginsHost(c);
            _word.Append(c);
            if (_holds)
                continue;
            passed.Append(c);
            _shown = _word.Length;
        }
        return passed.ToString();
    }

    /// <summary>What is held back, where it may be shown; at the answer's end.</summary>
    public string Flush()
    {
        var word = _word.ToString();
        var rest =
            !_holds ? ""
            : guard.Clean(word, messages) == word ? word[_shown..]
            : LinkGuard.Removed;
        _word.Clear();
        (_shown, _holds) = (0, false);
        return rest;
    }

    // "https:/", "//", "www.x", "host.x", "data:x": from here on the word may name a host.
    private bool BeginsHost(char next)
    {
        if (_word.Length == 0)
            return false;
        var before = _word[^1];
        return before is ':' or '/' or '\\' || (before == '.' && char.IsLetterOrDigit(next));
    }
}
