using System.Text;

namespace ChatAi.Shared.Domain.Ai;

/// <summary>Chooses the newest lines that fit a budget. A line is taken whole or not at all.</summary>
public static class TranscriptWindow
{
    public const int DefaultLines = 50;

    /// <summary>
    /// The newest lines, oldest first, at most <paramref name="maxLines"/> of them and together at most
    /// <paramref name="maxTokens"/> estimated tokens. A line that is larger than the whole budget is left out;
    /// otherwise the window is contiguous: it ends before the first line that no longer fits.
    /// </summary>
    public static IReadOnlyList<TranscriptLine> Last(
        IReadOnlyList<TranscriptLine> lines,
        int maxLines = DefaultLines,
        int maxTokens = int.MaxValue
    )
    {
        var window = new List<TranscriptLine>(Math.Min(maxLines, lines.Count));
        long used = 0;
        foreach (var line in lines.OrderByDescending(l => l.Seq))
        {
            if (window.Count >= maxLines)
                break;
            var cost = Cost(line);
            if (cost > maxTokens)
                continue;
            if (used + cost > maxTokens)
                break;
            used += cost;
            window.Add(line);
        }

        window.Reverse();
        return window;
    }

    /// <summary>Estimated tokens of one line with its name and number around it.</summary>
    public static int Cost(TranscriptLine line) => Tokens(line.SenderName) + Tokens(line.Text) + LineOverhead;

    /// <summary>
    /// Estimated tokens of a text without a tokenizer: a third of its UTF-8 bytes. English takes about a quarter
    /// and CJK about a third, so the estimate errs on the high side.
    /// </summary>
    public static int Tokens(string text) => (Encoding.UTF8.GetByteCount(text) + 2) / 3;

    private const int LineOverhead = 12;
}
