using System.Buffers;
using System.Text;

namespace ChatAi.Shared.Domain.Search;

/// <summary>A unit that the index knows, with the part of the text that it stands for (UTF-16 units).</summary>
/// <param name="Tail">The last character of a run without spaces, alone: the pair before has it too.</param>
public readonly record struct SearchToken(string Term, int Start, int End, bool Unspaced = false, bool Tail = false);

/// <summary>
/// Splits texts for the search, the same for both databases and for queries: words in lower case without accents;
/// runs of scripts without spaces as overlapping pairs of characters, and their last character once more alone, so
/// that every character begins a token; each emoji a word. Terms consist of letters, digits, marks and symbols only.
/// </summary>
public static class SearchTokens
{
    /// <summary>Places beyond are not found; PostgreSQL counts no further.</summary>
    public const int Most = 16_383;

    /// <summary>Longer words count by their beginning.</summary>
    public const int LongestTerm = 64;

    public static List<SearchToken> Of(string text)
    {
        var splitter = new Splitter(text);
        for (var i = 0; i < text.Length && splitter.Tokens.Count < Most; )
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var size) != OperationStatus.Done)
                (rune, size) = (new Rune(' '), Math.Max(size, 1));
            splitter.Take(rune, i, i + size);
            i += size;
        }
        splitter.End();
        if (splitter.Tokens.Count > Most)
            splitter.Tokens.RemoveRange(Most, splitter.Tokens.Count - Most);
        return splitter.Tokens;
    }

    private sealed class Splitter(string text)
    {
        private readonly StringBuilder _word = new();
        private readonly StringBuilder _one = new();
        private (int Start, int End) _place;
        private (string Term, int Start, int End)? _last;

        public List<SearchToken> Tokens { get; } = new(text.Length / 6 + 1);

        public void Take(Rune rune, int start, int end)
        {
            switch (Folding.KindOf(rune))
            {
                case SearchKind.Nothing:
                    _place.End = _word.Length > 0 ? end : _place.End;
                    break;
                case SearchKind.Word:
                    EndRun();
                    if (_word.Length == 0)
                        _place.Start = start;
                    if (_word.Length < LongestTerm)
                        Folding.Append(_word, rune);
                    _place.End = end;
                    break;
                case SearchKind.Unspaced:
                    EndWord();
                    Pair(rune, start, end);
                    break;
                case SearchKind.Symbol:
                    End();
                    Tokens.Add(new SearchToken(rune.ToString(), start, end));
                    break;
                default:
                    End();
                    break;
            }
        }

        public void End()
        {
            EndWord();
            EndRun();
        }

        private void EndWord()
        {
            if (_word.Length == 0)
                return;
            Tokens.Add(new SearchToken(TextRules.Cut(_word.ToString(), LongestTerm), _place.Start, _place.End));
            _word.Clear();
        }

        private void EndRun()
        {
            if (_last is { } last)
                Tokens.Add(new SearchToken(last.Term, last.Start, last.End, true, true));
            _last = null;
        }

        private void Pair(Rune rune, int start, int end)
        {
            _one.Clear();
            Folding.Append(_one, rune);
            var one = _one.ToString();
            if (_last is { } last)
                Tokens.Add(new SearchToken(last.Term + one, last.Start, end, true));
            _last = (one, start, end);
        }
    }
}
