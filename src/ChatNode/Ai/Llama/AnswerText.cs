using System.Text;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>
/// Makes text of a model's bytes: characters that are split over tokens wait for their rest, bytes that are no UTF-8
/// become U+FFFD, and the text ends before the first stop string, of which nothing is let out.
/// </summary>
public sealed class AnswerText(IReadOnlyList<string> stop)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _held = new();

    /// <summary>Whether a stop string has come; nothing follows.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>What may be shown now.</summary>
    public string Take(ReadOnlySpan<byte> bytes) => Release(Decode(bytes, flush: false), isLast: false);

    /// <summary>What was still held back, at the end of the answer.</summary>
    public string End() => Release(Decode([], flush: true), isLast: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> chars = stackalloc char[_decoder.GetCharCount(bytes, flush)];
        return new string(chars[.._decoder.GetChars(bytes, chars, flush)]);
    }

    private string Release(string text, bool isLast)
    {
        if (IsStopped)
            return "";
        var all = _held.Append(text).ToString();
        _held.Clear();
        var end = -1;
        foreach (var s in stop)
            if (s.Length > 0 && all.IndexOf(s, StringComparison.Ordinal) is >= 0 and var at && (end < 0 || at < end))
                end = at;
        if (end >= 0)
        {
            IsStopped = true;
            return all[..end];
        }
        if (isLast)
            return all;
        var keep = all.Length - Held(all);
        _held.Append(all, keep, all.Length - keep);
        return all[..keep];
    }

    // The longest end of the text with which a stop string could begin.
    private int Held(string text)
    {
        var most = 0;
        foreach (var s in stop)
            for (var n = Math.Min(s.Length - 1, text.Length); n > most; n--)
                if (text.AsSpan(text.Length - n).SequenceEqual(s.AsSpan(0, n)))
                    most = n;
        return most;
    }
}
