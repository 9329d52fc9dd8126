namespace ChatAi.Shared.Domain.Ai.Grouping;

/// <summary>A conversation: lines that answer each other, in the order they were written.</summary>
/// <param name="Lines">At least one line; rising <c>seq</c>.</param>
public sealed record Conversation(IReadOnlyList<TranscriptLine> Lines)
{
    public long First => Lines[0].Seq;
    public long Last => Lines[^1].Seq;
}
