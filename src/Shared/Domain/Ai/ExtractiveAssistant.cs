using System.Text;
using ChatAi.Shared.Domain.Ai.Extractive;
using ChatAi.Shared.Domain.Ai.Pieces;

namespace ChatAi.Shared.Domain.Ai;

/// <summary>What the model-free assistant is asked.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Prompt">The person's words (see <see cref="AiRequest"/>).</param>
/// <param name="PromptSeq">The message that asked, so that it is not quoted as its own answer.</param>
/// <param name="Lines">What the asker may see, in any order.</param>
/// <param name="RollingSummary">The chat's summary so far, where there is one and the asker may see all of it.</param>
/// <param name="MaxQuotes">At most this many messages are quoted.</param>
public sealed record ExtractiveRequest(
    AiRunKind Kind,
    string Prompt,
    long? PromptSeq,
    IReadOnlyList<TranscriptLine> Lines,
    string? RollingSummary,
    int MaxQuotes
)
{
    /// <summary>Messages that blocks stand for and that are not among the lines.</summary>
    public int MoreMessages { get; init; }
}

/// <summary>An answer made of quotes.</summary>
/// <param name="Text">Plain text; every quote is a line <c>name: words [#seq]</c>.</param>
/// <param name="Cites">
/// Exactly the <c>seq</c>s quoted, rising: of the given lines, and of quotes that the rolling summary already had.
/// </param>
public sealed record ExtractiveAnswer(string Text, IReadOnlyList<long> Cites);

/// <summary>
/// The assistant without a model. It quotes and never writes about the talk in words of its own; what surrounds the
/// quotes is fixed text, names and counts. The assistant's own messages and requests to it are never quoted.
/// </summary>
public static class ExtractiveAssistant
{
    /// <summary>Quotes of a summary fit in a minute's reading: about 250 words.</summary>
    public const int MaxChars = 1600;

    /// <summary>No answer quotes more, whatever is asked.</summary>
    public const int MostQuotes = 24;

    private const string NoModel = "picked without a language model";

    public static ExtractiveAnswer Answer(ExtractiveRequest r)
    {
        var lines = r.Lines.DistinctBy(l => l.Seq).OrderBy(l => l.Seq).ToList();
        var max = Math.Clamp(r.MaxQuotes, 0, MostQuotes);
        if (r.Kind == AiRunKind.Rolling)
        {
            var folded = RollingDigest.Fold(r.RollingSummary, [.. lines.Where(l => l.Seq != r.PromptSeq)], max);
            return new ExtractiveAnswer(folded.Text, folded.Cites);
        }

        return r.Kind == AiRunKind.Reply ? Reply(r, lines, max) : Summarize(r, lines, max);
    }

    /// <summary>Whether a line may be quoted: a person's words that are no request to the assistant.</summary>
    internal static bool MayQuote(TranscriptLine line) =>
        !line.IsAi && Quote.Flat(line.Text).Length > 0 && AiTrigger.Detect(line.Text, false) is null;

    private static ExtractiveAnswer Summarize(ExtractiveRequest r, List<TranscriptLine> lines, int max)
    {
        var plan = Plan(r, lines, max);
        return plan.Compose([.. plan.Parts.Select(_ => PartWords.None)]);
    }

    /// <summary>A summary or catch-up taken apart, for a model to give titles to and condense.</summary>
    public static SummaryPlan Plan(ExtractiveRequest r) =>
        Plan(r, [.. r.Lines.DistinctBy(l => l.Seq).OrderBy(l => l.Seq)], Math.Clamp(r.MaxQuotes, 0, MostQuotes));

    private static SummaryPlan Plan(ExtractiveRequest r, List<TranscriptLine> lines, int max)
    {
        bool Quotable(TranscriptLine l) => MayQuote(l) && l.Seq != r.PromptSeq;
        var earlier = r.Kind == AiRunKind.Summarize ? EarlierQuotes(r.RollingSummary, lines, max / 3) : [];
        var digests = Summarizer.Choose(lines, Quotable, new Focus(r.Prompt), max - earlier.Count);
        var each = QuoteLength(earlier.Count + digests.Sum(d => d.Chosen.Count));
        return new SummaryPlan(
            lines.Count(Quotable) + r.MoreMessages,
            [.. earlier.Select(q => q.Text)],
            [.. earlier.Select(q => q.Seq)],
            [
                .. digests.Select(d => new SummaryPart(
                    Title(d),
                    [.. d.Lines.Select(l => l.Line)],
                    [.. d.Chosen.Select(l => l.Line)],
                    [.. d.Chosen.Select(l => Quote.Of(l.Line, each))]
                )),
            ],
            r.Kind == AiRunKind.CatchUp ? "Nothing new to quote." : "There are no messages to summarize."
        );
    }

    private static ExtractiveAnswer Reply(ExtractiveRequest r, List<TranscriptLine> lines, int max)
    {
        if (string.IsNullOrWhiteSpace(r.Prompt))
        {
            return new ExtractiveAnswer(
                "There is no language model here. Ask about this chat and I quote the messages that match; "
                    + "or ask me to summarize or to catch you up.",
                []
            );
        }

        bool Quotable(TranscriptLine l) => MayQuote(l) && l.Seq != r.PromptSeq;
        // What the summary kept of older messages is searched like the messages themselves.
        var old = RollingDigest.Quotes(r.RollingSummary).Where(q => lines.TrueForAll(l => l.Seq != q.Seq)).ToList();
        var before = lines.Count == 0 ? default : lines[0].At;
        var searched = lines.Concat(old.Select(q => q.AsLine(before))).ToList();
        var digests = Retriever.Find(searched, Quotable, r.Prompt, max);
        return Compose(
            $"The messages that match best, {NoModel}:",
            digests,
            "Nothing in the messages I can see matches that. There is no language model here; I can only quote messages."
        );
    }

    private static IReadOnlyList<QuotedLine> EarlierQuotes(string? summary, List<TranscriptLine> lines, int max)
    {
        var first = lines.Count == 0 ? long.MaxValue : lines[0].Seq;
        return [.. RollingDigest.Quotes(summary).Where(q => q.Seq < first).TakeLast(max)];
    }

    private static ExtractiveAnswer Compose(string head, IReadOnlyList<Digest> digests, string nothing)
    {
        if (digests.Count == 0)
            return new ExtractiveAnswer(nothing, []);
        var each = QuoteLength(digests.Sum(d => d.Chosen.Count));
        var text = new StringBuilder(head);
        var cites = new SortedSet<long>();
        foreach (var digest in digests)
        {
            text.Append("\n\n").Append(Title(digest));
            foreach (var line in digest.Chosen)
            {
                text.Append('\n').Append(Quote.Of(line.Line, each));
                cites.Add(line.Line.Seq);
            }
        }

        return new ExtractiveAnswer(text.ToString(), [.. cites]);
    }

    private static int QuoteLength(int quotes) => Math.Clamp(MaxChars / Math.Max(1, quotes), 60, Quote.MaxChars);

    /// <summary>Who talked and how much: facts, no words about the subject.</summary>
    private static string Title(Digest digest)
    {
        var names = digest.Lines.GroupBy(l => l.Author).Select(g => Quote.Name(g.Last().Line.SenderName)).ToList();
        var shown = string.Join(", ", names.Take(4)) + (names.Count > 4 ? $" and {names.Count - 4} more" : "");
        return digest.Lines.Count == 1 ? $"{shown} (1 message)" : $"{shown} ({digest.Lines.Count} messages)";
    }
}
