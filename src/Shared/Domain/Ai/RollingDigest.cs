using System.Security.Cryptography;
using System.Text;
using ChatAi.Shared.Domain.Ai.Extractive;

namespace ChatAi.Shared.Domain.Ai;

/// <summary>One quote of a rolling summary: the whole line, and its <c>seq</c>.</summary>
public sealed record QuotedLine(long Seq, string Name, string Words, string Text)
{
    /// <summary>As a line that can be searched; who wrote it is known by name only.</summary>
    internal TranscriptLine AsLine(DateTimeOffset at) =>
        new(Seq, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(Name)).AsSpan(0, 16)), Name, false, at, Words, null);
}

/// <summary>A rolling summary after a fold.</summary>
/// <param name="Text">Quotes, one a line, in the order they were written; at most the asked length.</param>
/// <param name="Cites">Exactly the <c>seq</c>s quoted in the text, rising.</param>
public sealed record RollingFold(string Text, IReadOnlyList<long> Cites);

/// <summary>
/// The summary of all that scrolled out of sight, kept as quotes. A fold reads the previous text and the new lines
/// only, so its cost does not grow with the chat; the same folds over the same lines give the same text again.
/// </summary>
public static class RollingDigest
{
    public const int DefaultQuotes = 8;
    public const int DefaultMaxChars = 4000;
    public static readonly TimeSpan Live = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Adds the telling ones of the new lines to the previous text. Above <paramref name="maxChars"/> old quotes
    /// give way: of the older half, always the one that says least beside the others, so that what remains thins out
    /// with age and the beginning is not forgotten at once.
    /// </summary>
    public static RollingFold Fold(
        string? previous,
        IReadOnlyList<TranscriptLine> newLines,
        int maxNewQuotes = DefaultQuotes,
        int maxChars = DefaultMaxChars
    )
    {
        var quotes = Quotes(previous).ToList();
        var known = quotes.Select(q => q.Seq).ToHashSet();
        foreach (
            var line in Summarizer
                .Choose(newLines, ExtractiveAssistant.MayQuote, new Focus(""), maxNewQuotes)
                .SelectMany(d => d.Chosen)
                .Select(f => f.Line)
        )
        {
            if (known.Add(line.Seq) && Parse(Quote.Of(line)) is { } quote)
                quotes.Add(quote);
        }

        quotes.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        Thin(quotes, maxChars);
        return new RollingFold(string.Join('\n', quotes.Select(q => q.Text)), [.. quotes.Select(q => q.Seq)]);
    }

    /// <summary>
    /// The quotes of several texts as one, thinned to the length as in <see cref="Fold"/>. Reads nothing but the texts: so
    /// what is merged of the same parts is the same, however the parts came about.
    /// </summary>
    public static RollingFold Merge(IEnumerable<string> texts, int maxChars = DefaultMaxChars)
    {
        var quotes = texts.SelectMany(Quotes).DistinctBy(q => q.Seq).OrderBy(q => q.Seq).ToList();
        Thin(quotes, maxChars);
        return new RollingFold(string.Join('\n', quotes.Select(q => q.Text)), [.. quotes.Select(q => q.Seq)]);
    }

    /// <summary>The quotes of a rolling summary; lines that are none (a model's words) are left out.</summary>
    public static IReadOnlyList<QuotedLine> Quotes(string? summary) =>
        [.. (summary ?? "").Split('\n').Select(Parse).OfType<QuotedLine>().DistinctBy(q => q.Seq).OrderBy(q => q.Seq)];

    /// <summary>
    /// How many of the lines (oldest first) may be folded: those before the live tail, which is everything since the
    /// first message of the last two minutes.
    /// </summary>
    public static int Settled(IReadOnlyList<TranscriptLine> lines, DateTimeOffset now)
    {
        var count = lines.Count;
        while (count > 0 && now - lines[count - 1].At < Live)
            count--;
        return count;
    }

    private static void Thin(List<QuotedLine> quotes, int maxChars)
    {
        var length = quotes.Sum(q => q.Text.Length + 1) - 1;
        while (quotes.Count > 0 && length > maxChars)
        {
            var older = Math.Max(1, quotes.Count / 2);
            var index = new Bm25(quotes.Select(q => Text.Stems.Content(q.Words)));
            var least = 0;
            var value = double.PositiveInfinity;
            for (var i = 0; i < older; i++)
            {
                // What only this quote says, weighed by rarity: redundant and empty quotes go first.
                var own = Text.Stems.Content(quotes[i].Words).Distinct(StringComparer.Ordinal).Sum(index.Idf);
                if (own < value)
                    (least, value) = (i, own);
            }

            length -= quotes[least].Text.Length + 1;
            quotes.RemoveAt(least);
        }
    }

    private static QuotedLine? Parse(string line)
    {
        if (Quote.SeqOf(line) is not { } seq)
            return null;
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var end = line.LastIndexOf("[#", StringComparison.Ordinal);
        return colon > 0 && colon + 2 <= end
            ? new QuotedLine(seq, line[..colon], line[(colon + 2)..end].TrimEnd(), line.TrimEnd())
            : null;
    }
}
