using System.Text;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Ai.Work;

/// <param name="Off">UTF-16 offset in the whole answer.</param>
public sealed record Delta(int Off, string Text);

/// <summary>
/// Gathers a model's pieces into deltas that follow each other without gaps, that never split a surrogate pair and
/// that every database and encoder keeps as they are (a lone surrogate or NUL becomes U+FFFD).
/// </summary>
public sealed class DeltaBatcher
{
    private readonly StringBuilder _pending = new();
    private readonly StringBuilder _all = new();

    /// <summary>The whole text so far, handed out or not; an unpaired surrogate at its end is left out.</summary>
    public string Text => _all + Clean(CompletePart());

    public int Length => _all.Length + _pending.Length;

    public bool HasPending => _pending.Length > 0;

    public void Append(string text) => _pending.Append(text);

    /// <summary>What came since the last time, or null; a trailing half of a pair waits for its other half.</summary>
    public Delta? Take()
    {
        var text = CompletePart();
        if (text.Length == 0)
            return null;
        _pending.Remove(0, text.Length);
        var delta = new Delta(_all.Length, Clean(text));
        _all.Append(delta.Text);
        return delta;
    }

    private string CompletePart() =>
        _pending.Length > 0 && char.IsHighSurrogate(_pending[^1])
            ? _pending.ToString(0, _pending.Length - 1)
            : _pending.ToString();

    /// <summary>The same text with U+FFFD for what cannot be stored; as long as before.</summary>
    public static string Clean(string text)
    {
        if (TextRules.IsStorable(text))
            return text;
        return string.Create(
            text.Length,
            text,
            static (span, source) =>
            {
                source.CopyTo(span);
                for (var i = 0; i < span.Length; i++)
                    if (char.IsHighSurrogate(span[i]) && i + 1 < span.Length && char.IsLowSurrogate(span[i + 1]))
                        i++;
                    else if (char.IsSurrogate(span[i]) || span[i] == '\0')
                        span[i] = '\uFFFD';
            }
        );
    }
}
