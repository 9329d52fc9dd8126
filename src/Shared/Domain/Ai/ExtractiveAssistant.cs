namespace ChatAi.Shared.Domain.Ai;

/// <summary>What the model-free assistant is asked.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Prompt">The person's words (see <see cref="AiRequest"/>).</param>
/// <param name="PromptSeq">The message that asked, so that it is not quoted as its own answer.</param>
/// <param name="Lines">What the asker may see, in any order.</param>
/// <param name="RollingSummary">The chat's summary so far, where there is one and the asker may see it.</param>
/// <param name="MaxQuotes">At most this many messages are quoted.</param>
public sealed record ExtractiveRequest(
    AiRunKind Kind,
    string Prompt,
    long? PromptSeq,
    IReadOnlyList<TranscriptLine> Lines,
    string? RollingSummary,
    int MaxQuotes
);

/// <summary>An answer made of quotes.</summary>
/// <param name="Text">Plain text; every quote ends with its <c>[#seq]</c>.</param>
/// <param name="Cites">Exactly the <c>seq</c>s quoted, rising.</param>
public sealed record ExtractiveAnswer(string Text, IReadOnlyList<long> Cites);

/// <summary>The assistant without a model: it quotes, it never writes about the talk in words of its own.</summary>
public static class ExtractiveAssistant
{
    public static ExtractiveAnswer Answer(ExtractiveRequest r)
    {
        var quotes = r
            .Lines.Where(l => !l.IsAi && l.Seq != r.PromptSeq)
            .OrderByDescending(l => l.Text.Length)
            .ThenBy(l => l.Seq)
            .Take(Math.Max(0, r.MaxQuotes))
            .OrderBy(l => l.Seq)
            .ToList();
        var text =
            quotes.Count == 0
                ? "Nothing to quote in the visible messages."
                : "Extracts from the messages, chosen without a language model:\n"
                    + string.Join('\n', quotes.Select(l => $"{l.SenderName}: {l.Text} [#{l.Seq}]"));
        return new ExtractiveAnswer(text, [.. quotes.Select(l => l.Seq)]);
    }
}
