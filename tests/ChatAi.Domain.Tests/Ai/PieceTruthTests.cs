using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Pieces;

namespace ChatAi.Domain.Tests.Ai;

/// <summary>What a model may make of several messages together, and what goes with one of them.</summary>
public class PieceTruthTests
{
    private static readonly IReadOnlyList<TranscriptLine> Talk = Transcripts.Lines(
        ("carl", "my laptop lost its sound after the kernel update, does anyone know why?"),
        ("dora", "carl: that is a known bug, go back to kernel 6.8 until the fix comes out"),
        ("carl", "dora: thanks, kernel 6.8 works and the sound does not crackle any more")
    );

    private static SummaryPart PartOf(IReadOnlyList<TranscriptLine> lines) =>
        ExtractiveAssistant.Plan(new ExtractiveRequest(AiRunKind.Summarize, "", null, lines, null, 12)).Parts.Single();

    [Theory]
    [InlineData("Carl lost the sound of his laptop after the kernel update.", "[#1]")]
    [InlineData("Dora said to go back to kernel 6.8 until the fix comes out.", "[#2]")]
    public void Should_cite_only_what_carries_a_sentence_alone(string text, string cite)
    {
        var (words, fault) = PieceCheck.Sentence(text, PartOf(Talk), Talk, LexicalSupport.Instance);
        Assert.Equal(PieceFault.None, fault);
        Assert.EndsWith(cite, words!.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Carl said to go back to kernel 6.8 until the fix comes out.")]
    [InlineData("Dora lost the sound of the laptop after the kernel update.")]
    [InlineData("Dora said not to go back to kernel 6.8 until the fix comes out.")]
    [InlineData("Dora said to go back to kernel 6.9 until the fix comes out.")]
    [InlineData("Carl said kernel 6.8 works and the sound does crackle any more.")]
    [InlineData("Dora lost sound after kernel 6.8 works.")]
    [InlineData("my laptop lost its sound after the kernel update")]
    public void Should_refuse_a_sentence_mixed_from_several_messages(string text) =>
        Assert.Null(PieceCheck.Sentence(text, PartOf(Talk), Talk, LexicalSupport.Instance).Words);

    [Theory]
    [InlineData("carl lost sound")]
    [InlineData("laptop not lost")]
    public void Should_refuse_a_title_that_says_who_or_denies(string title) =>
        Assert.Null(PieceCheck.Title(title, PartOf(Talk)).Title);

    [Fact]
    public void Should_lose_the_title_with_a_message_that_its_words_come_from()
    {
        var lines = Transcripts.Lines(
            ("ann", "the new root password is hunter2 blueberry"),
            ("bob", "ann: ok I write it down for the Friday deploy")
        );
        var part = PartOf(lines);
        var title = PieceCheck.Title("Password hunter2 blueberry", part).Title;
        Assert.NotNull(title);
        var text = SummaryPlan.TextOf(part, new PartWords(title, null, []));
        var left = QuoteRedaction.Without(text, 1, lines[0].Text, QuoteRedaction.Deleted)!;
        Assert.DoesNotContain("hunter2", left, StringComparison.Ordinal);
    }
}
