using System.Globalization;
using System.Text;
using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Checks;

/// <summary>How a sentence stands to the messages it cites.</summary>
public enum SentenceVerdict
{
    /// <summary>One cited message has nearly all of its content words: a near-quote.</summary>
    Supported,

    /// <summary>No check failed, but no single cited message has nearly all its words.</summary>
    Plausible,

    /// <summary>Cites nothing.</summary>
    Uncited,

    /// <summary>Cites nothing, though it tells something: no message says so.</summary>
    Unfounded,

    /// <summary>Cites only messages that are not there, not visible or deleted.</summary>
    NoSuchMessage,

    /// <summary>Too few of its words occur in the source, or next to none in what it cites.</summary>
    Unsupported,

    /// <summary>Names somebody who neither wrote nor occurs in what it cites.</summary>
    WrongName,

    /// <summary>Has a number that what it cites does not have.</summary>
    WrongNumber,

    /// <summary>Denies what it cites does not deny, or the other way round.</summary>
    WrongNegation,
}

/// <param name="Words">The sentence without citations.</param>
/// <param name="Cites">The citations that hold.</param>
/// <param name="Support">The largest share of its content words that one cited message has.</param>
public sealed record CheckedSentence(
    string Words,
    IReadOnlyList<long> Cites,
    SentenceVerdict Verdict,
    double Support,
    bool Kept
);

/// <summary>An answer after the checks.</summary>
/// <param name="Text">What may be shown: kept sentences with the citations that hold. Empty where there is a fault.</param>
/// <param name="Cites">The <c>seq</c>s cited in the text, rising; all of them visible.</param>
public sealed record CheckedAnswer(
    string Text,
    IReadOnlyList<long> Cites,
    IReadOnlyList<CheckedSentence> Sentences,
    AnswerFault Fault
)
{
    public double SupportedShare => Share(s => s.Verdict == SentenceVerdict.Supported);
    public double KeptShare => Share(s => s.Kept);

    private double Share(Func<CheckedSentence, bool> which) =>
        Sentences.Count == 0 ? 0 : (double)Sentences.Count(which) / Sentences.Count;
}

/// <summary>What is done with sentences that fail.</summary>
/// <param name="KeepUncited">A reply may say what rests on no message; a summary may not.</param>
/// <param name="Mark">Failed sentences stay, marked, instead of being dropped.</param>
/// <param name="High">Share of the content words in one cited message that makes a near-quote.</param>
/// <param name="Low">Share of the content words in the whole source below which a sentence is rejected.</param>
/// <param name="Cited">Share of the content words in all cited messages together below which it is rejected.</param>
/// <param name="Attribute">
/// An uncited sentence that is a near-quote of a message is given its citation; another that tells something counts as failed.
/// </param>
public sealed record CheckPolicy(
    bool KeepUncited,
    bool Mark,
    double High = 0.8,
    double Low = 0.5,
    double Cited = 0.25,
    bool Attribute = false
)
{
    public static CheckPolicy Summary { get; } = new(false, false);
    public static CheckPolicy Reply { get; } = new(true, true, Attribute: true);
}

/// <summary>
/// Checks a generated answer against the messages it cites. Word overlap is a filter and no proof: it tells a
/// near-quote and a broken model, so names, numbers and negations are checked apart from it.
/// </summary>
public static class CitationCheck
{
    public const string Unverified = "(unverified)";

    // Fewer words of content tell nothing that one could be wrong about: "I do not know."
    private const int ClaimStems = 3;

    /// <param name="answer">A whole answer; one that was cut off is a failure before it comes here.</param>
    /// <param name="visible">What the reader may see now, deleted messages left out.</param>
    /// <param name="rollingSummary">The summary that was in the prompt; its quotes may be cited too.</param>
    public static CheckedAnswer Check(
        string answer,
        IReadOnlyList<TranscriptLine> visible,
        CheckPolicy policy,
        string? rollingSummary = null
    )
    {
        var quotes = RollingDigest.Quotes(rollingSummary).Select(q => q.AsLine(default));
        var source = new Source(quotes.Concat(visible));
        var fault = AnswerFaults.Of(answer, source);
        if (fault != AnswerFault.None)
            return new CheckedAnswer("", [], [], fault);
        var text = new StringBuilder();
        var sentences = new List<CheckedSentence>();
        var lineStart = 0;
        foreach (var sentence in Sentences.Of(answer))
        {
            var judged = Judge(sentence, source, policy);
            if (judged.Verdict == SentenceVerdict.Uncited && policy.Attribute)
                judged = Attributed(sentence, source, visible, policy) ?? Founded(judged, source);
            sentences.Add(judged);
            if (judged.Kept)
                Append(text, judged, lineStart);
            if (sentence.EndsLine && text.Length > lineStart)
                lineStart = text.Append('\n').Length;
        }

        var kept = text.ToString().TrimEnd();
        return kept.Length == 0
            ? new CheckedAnswer("", [], sentences, AnswerFault.NothingHeld)
            : new CheckedAnswer(
                kept,
                [.. sentences.Where(s => s.Kept).SelectMany(s => s.Cites).Distinct().Order()],
                sentences,
                AnswerFault.None
            );
    }

    private static List<string> StemsOf(string sentence, Source source) =>
        [
            .. Words
                .Of(sentence)
                .Where(w => !StopWords.Contains(w) && !source.IsName(w))
                .Select(Stems.Of)
                .Distinct(StringComparer.Ordinal),
        ];

    private static CheckedSentence Judge(Sentence sentence, Source source, CheckPolicy policy)
    {
        var cited = sentence.Cites.Select(source.Find).OfType<SourceMessage>().ToList();
        var words = Words.Of(sentence.Words);
        var stems = StemsOf(sentence.Words, source);
        var together = Stems.Share(stems, [.. cited.SelectMany(m => m.Stems)]);
        var support = cited.Count == 0 ? 0 : cited.Max(m => Stems.Share(stems, m.Stems));
        var verdict =
            sentence.Cites.Count == 0 ? SentenceVerdict.Uncited
            : cited.Count == 0 ? SentenceVerdict.NoSuchMessage
            : Claims.Verdict(sentence.Words, words, cited, source)
                ?? (
                    support >= policy.High ? SentenceVerdict.Supported
                    : Stems.Share(stems, source.AllStems) < policy.Low || together < policy.Cited
                        ? SentenceVerdict.Unsupported
                    : SentenceVerdict.Plausible
                );
        var passes =
            verdict is SentenceVerdict.Supported or SentenceVerdict.Plausible
            || (verdict == SentenceVerdict.Uncited && policy.KeepUncited);
        return new CheckedSentence(
            sentence.Words,
            [.. cited.Select(m => m.Line.Seq)],
            verdict,
            support,
            sentence.Words.Length > 0 && (passes || policy.Mark)
        );
    }

    /// <summary>The sentence with the message that it nearly quotes as its citation; null where there is none.</summary>
    private static CheckedSentence? Attributed(
        Sentence sentence,
        Source source,
        IReadOnlyList<TranscriptLine> visible,
        CheckPolicy policy
    )
    {
        var stems = StemsOf(sentence.Words, source);
        // One word of content is in many messages by chance.
        if (stems.Count < 2)
            return null;
        var best = visible
            .Where(ExtractiveAssistant.MayQuote)
            .Select(l => (l.Seq, Share: Stems.Share(stems, source.Find(l.Seq)!.Stems)))
            .Where(m => m.Share >= policy.High)
            .OrderByDescending(m => m.Share)
            .ThenBy(m => m.Seq)
            .Select(m => (long?)m.Seq)
            .FirstOrDefault();
        return
            best is { } seq
            && Judge(sentence with { Cites = [seq] }, source, policy) is var judged
            && judged.Verdict == SentenceVerdict.Supported
            ? judged
            : null;
    }

    /// <summary>A question or a word of courtesy claims nothing; a statement that no message carries does.</summary>
    private static CheckedSentence Founded(CheckedSentence uncited, Source source) =>
        uncited.Words.EndsWith('?') || StemsOf(uncited.Words, source).Count < ClaimStems
            ? uncited
            : uncited with
            {
                Verdict = SentenceVerdict.Unfounded,
            };

    private static void Append(StringBuilder text, CheckedSentence s, int lineStart)
    {
        if (text.Length > lineStart)
            text.Append(' ');
        text.Append(s.Words);
        if (s.Verdict is not (SentenceVerdict.Supported or SentenceVerdict.Plausible or SentenceVerdict.Uncited))
            text.Append(' ').Append(Unverified);
        if (s.Cites.Count > 0)
        {
            text.Append(" [")
                .AppendJoin(", ", s.Cites.Select(c => string.Create(CultureInfo.InvariantCulture, $"#{c}")))
                .Append(']');
        }
    }
}
