using System.Text;
using ChatAi.Shared.Domain.Ai.Extractive;

namespace ChatAi.Shared.Domain.Ai.Pieces;

/// <summary>One conversation of a summary.</summary>
/// <param name="Title">Who talked and how much.</param>
/// <param name="Lines">The conversation's messages, oldest first.</param>
/// <param name="Chosen">Those chosen to stand for it.</param>
/// <param name="Quotes">The chosen ones as they are quoted, a line each.</param>
public sealed record SummaryPart(
    string Title,
    IReadOnlyList<TranscriptLine> Lines,
    IReadOnlyList<TranscriptLine> Chosen,
    IReadOnlyList<string> Quotes
);

/// <summary>What a model made of a part and the checks let pass.</summary>
/// <param name="Title">With its citations; null: none.</param>
/// <param name="Sentence">In place of the quotes that it cites, with its citations; null: all quotes stand.</param>
/// <param name="Cites">What the sentence cites.</param>
public sealed record PartWords(string? Title, string? Sentence, IReadOnlyList<long> Cites)
{
    public static readonly PartWords None = new(null, null, []);

    public bool IsNone => Title is null && Sentence is null;
}

/// <summary>A summary as far as no model is needed: what is said, by whom, in which order. Quotes come first.</summary>
/// <param name="Messages">How many messages it was chosen from.</param>
/// <param name="Earlier">Quotes that the rolling summary kept of what lies before.</param>
/// <param name="Nothing">What is said where there is nothing to quote.</param>
public sealed record SummaryPlan(
    int Messages,
    IReadOnlyList<string> Earlier,
    IReadOnlyList<long> EarlierCites,
    IReadOnlyList<SummaryPart> Parts,
    string Nothing
)
{
    private const string NoModel = "picked without a language model";
    private const string Checked =
        "picked by the server; titles and sentences without a name before them are a language model's, checked against the "
        + "messages they cite";

    public bool IsEmpty => Earlier.Count == 0 && Parts.Count == 0;

    /// <summary>The text with what a model made of its parts; without any of that exactly the one of quotes.</summary>
    /// <param name="words">One for each part.</param>
    public ExtractiveAnswer Compose(IReadOnlyList<PartWords> words)
    {
        if (IsEmpty)
            return new ExtractiveAnswer(Nothing, []);
        var text = new StringBuilder(Head(words.Any(w => !w.IsNone)));
        text.Append(EarlierText());
        var cites = new SortedSet<long>(EarlierCites);
        foreach (var (part, said) in Parts.Zip(words))
        {
            text.Append(TextOf(part, said));
            cites.UnionWith(part.Chosen.Select(l => l.Seq));
        }

        return new ExtractiveAnswer(text.ToString(), [.. cites]);
    }

    public string Head(bool hasModel)
    {
        var how = hasModel ? Checked : NoModel;
        return Messages == 1 ? $"Extract from one message, {how}:" : $"Extracts from {Messages} messages, {how}:";
    }

    public string EarlierText() => Earlier.Count == 0 ? "" : "\n\nEarlier:\n" + string.Join('\n', Earlier);

    public static string TextOf(SummaryPart part, PartWords words) =>
        (words.Title is { } title ? $"\n\n{title} – {part.Title}" : $"\n\n{part.Title}")
        + (words.Sentence is { } sentence ? $"\n{sentence}" : "")
        // The sentence stands for what it cites; the other quotes stay.
        + string.Concat(
            part.Chosen.Zip(part.Quotes).Where(q => !words.Cites.Contains(q.First.Seq)).Select(q => $"\n{q.Second}")
        );
}
