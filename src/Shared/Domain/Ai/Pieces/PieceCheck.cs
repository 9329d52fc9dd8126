using System.Globalization;
using ChatAi.Shared.Domain.Ai.Checks;
using ChatAi.Shared.Domain.Ai.Text;

namespace ChatAi.Shared.Domain.Ai.Pieces;

/// <summary>Why a piece was not taken.</summary>
public enum PieceFault
{
    None,
    Empty,
    TooLong,

    /// <summary>Links, markup, citations of its own, a prompt's lines.</summary>
    Form,

    /// <summary>A word, name or number that the messages do not have.</summary>
    Foreign,

    /// <summary>It says no more than one message does, in the same words.</summary>
    Copy,

    /// <summary>Refused by <see cref="CitationCheck"/> (speaker, number, negation, support).</summary>
    Unsupported,
    Repetition,
}

/// <summary>Whether a sentence may stand for messages, beyond what is compared word by word.</summary>
public interface ISupportChecker
{
    /// <summary>False rejects. A trained checker may be put here; the default lets the lexical checks decide.</summary>
    bool Supports(string sentence, IReadOnlyList<TranscriptLine> cited);
}

/// <summary>The lexical checks alone.</summary>
public sealed class LexicalSupport : ISupportChecker
{
    public static readonly LexicalSupport Instance = new();

    public bool Supports(string sentence, IReadOnlyList<TranscriptLine> cited) => true;
}

/// <summary>What of a model's pieces may be shown. Where a piece fails, the quotes stand.</summary>
public static class PieceCheck
{
    private const int MaxTitleWords = 8;
    private const int MaxTitle = 70;
    private const int MaxSentence = 240;

    public static (string? Title, PieceFault Fault) Title(string answer, SummaryPart part)
    {
        var title = Clean(answer).TrimEnd('.', ':', '!');
        var words = Words.Of(title);
        if (words.Count == 0 || Words.Content(title).Count == 0)
            return (null, PieceFault.Empty);
        if (words.Count > MaxTitleWords || title.Length > MaxTitle)
            return (null, PieceFault.TooLong);
        if (HasForm(title))
            return (null, PieceFault.Form);
        if (words.CountBy(w => w, StringComparer.Ordinal).Any(w => w.Value > 2))
            return (null, PieceFault.Repetition);
        // Who did it, or that it was not so, cannot be told from a title's few words.
        var names = StemsOf(part.Lines.Select(l => l with { Text = "" }));
        if (words.Exists(w => names.Contains(Stems.Of(w)) || Cues.Negations.Contains(w)))
            return (null, PieceFault.Unsupported);
        var content = Words.Content(title).Select(Stems.Of).Distinct().ToList();
        var from = part.Chosen.Where(l => content.Exists(StemsOf([l]).Contains)).ToList();
        // It cites what its words come from: so it goes when one of those messages is deleted.
        return Stems.Share(content, StemsOf(from)) >= 1
            ? ($"{title} {CiteOf(from)}", PieceFault.None)
            : (null, PieceFault.Foreign);
    }

    /// <param name="visible">What the reader may see: names are looked for among all of it.</param>
    public static (PartWords? Words, PieceFault Fault) Sentence(
        string answer,
        SummaryPart part,
        IReadOnlyList<TranscriptLine> visible,
        ISupportChecker checker
    )
    {
        var sentence = Clean(answer);
        var content = Words.Content(sentence).Select(Stems.Of).Distinct().ToList();
        if (content.Count < 2)
            return (null, PieceFault.Empty);
        if (sentence.Length > MaxSentence || sentence.Length >= part.Quotes.Sum(q => q.Length))
            return (null, PieceFault.TooLong);
        if (HasForm(sentence))
            return (null, PieceFault.Form);
        if (part.Chosen.Any(l => Says(l, sentence)))
            return (null, PieceFault.Copy);
        // Each cited message carries it alone: together, one would lend its speaker to what another said.
        var cited = part.Chosen.Where(l => IsSpeaker(sentence, l, part) && Carries(sentence, l, visible)).ToList();
        if (AnswerFaults.Of(sentence, new Source(visible)) == AnswerFault.Repetition)
            return (null, PieceFault.Repetition);
        if (cited.Count == 0)
            return (null, PieceFault.Unsupported);
        var check = CitationCheck.Check($"{sentence} {CiteOf(cited)}", visible, CheckPolicy.Summary);
        if (check.Fault != AnswerFault.None || check.Sentences.Count != 1 || !check.Sentences[0].Kept)
            return (null, PieceFault.Unsupported);
        return checker.Supports(sentence, cited)
            ? (new PartWords(null, check.Text, check.Cites), PieceFault.None)
            : (null, PieceFault.Unsupported);
    }

    private static string CiteOf(IEnumerable<TranscriptLine> lines) =>
        $"[{string.Join(", ", lines.Select(l => string.Create(CultureInfo.InvariantCulture, $"#{l.Seq}")))}]";

    private static bool Carries(string sentence, TranscriptLine line, IReadOnlyList<TranscriptLine> visible) =>
        CitationCheck.Check($"{sentence} {CiteOf([line])}", visible, CheckPolicy.Summary).Sentences
            is [{ Verdict: SentenceVerdict.Supported }];

    /// <summary>A sentence that opens with a member's name is about what that member wrote.</summary>
    private static bool IsSpeaker(string sentence, TranscriptLine line, SummaryPart part)
    {
        var first = Words.Of(sentence)[0];
        return Words.Of(line.SenderName).Contains(first)
            || !part.Lines.Any(l => Words.Of(l.SenderName).Contains(first));
    }

    /// <summary>The first line without the quotation marks and labels that models like to put around a result.</summary>
    private static string Clean(string answer)
    {
        var line =
            answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
            ?? "";
        foreach (var label in new[] { "Title:", "Summary:", "Answer:", "Result:" })
            if (line.StartsWith(label, StringComparison.OrdinalIgnoreCase))
                line = line[label.Length..];
        return line.Trim(' ', '"', '“', '”', '\'', '*', '#', '`');
    }

    private static bool HasForm(string text) =>
        text.Contains("://", StringComparison.Ordinal)
        || text.Contains("](", StringComparison.Ordinal)
        || text.Contains("[#", StringComparison.Ordinal)
        || text.Contains("\":", StringComparison.Ordinal)
        || text.Contains("<|", StringComparison.Ordinal)
        || text.AsSpan().IndexOfAny("{}<>") >= 0
        || text.Any(char.IsControl);

    private static bool Says(TranscriptLine line, string sentence) =>
        $" {string.Join(' ', Words.Of(line.Text))} ".Contains(
            $" {string.Join(' ', Words.Of(sentence))} ",
            StringComparison.Ordinal
        );

    private static HashSet<string> StemsOf(IEnumerable<TranscriptLine> lines) =>
        [.. lines.SelectMany(l => Words.Of(l.Text).Concat(Words.Of(l.SenderName))).Select(Stems.Of)];
}
