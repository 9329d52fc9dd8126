using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Pieces;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public sealed class SummaryPlanTests
{
    private static ExtractiveRequest Request(IReadOnlyList<TranscriptLine> lines) =>
        new(AiRunKind.Summarize, "", null, lines, null, 12);

    [Fact]
    public void Should_be_exactly_the_quotes_where_a_model_adds_nothing() =>
        Transcripts.Gen.Sample(lines =>
        {
            var plan = ExtractiveAssistant.Plan(Request(lines));
            var quotes = ExtractiveAssistant.Answer(Request(lines));
            var composed = plan.Compose([.. plan.Parts.Select(_ => PartWords.None)]);
            Assert.Equal(quotes.Text, composed.Text);
            Assert.Equal(quotes.Cites, composed.Cites);
        });

    [Fact]
    public void Should_cite_what_stands_there_whatever_a_model_adds() =>
        Gen.Select(Transcripts.Gen, Gen.Bool.List[20, 20])
            .Sample(
                (lines, picks) =>
                {
                    var plan = ExtractiveAssistant.Plan(Request(lines));
                    PartWords[] words =
                    [
                        .. plan.Parts.Select(
                            (p, i) =>
                                picks[i % picks.Count]
                                    ? new PartWords("A title", $"A sentence [#{p.Chosen[0].Seq}]", [p.Chosen[0].Seq])
                                    : PartWords.None
                        ),
                    ];
                    var answer = plan.Compose(words);
                    Assert.Subset(lines.Select(l => l.Seq).ToHashSet(), answer.Cites.ToHashSet());
                    Assert.All(
                        answer.Cites,
                        seq => Assert.Contains($"[#{seq}]", answer.Text, StringComparison.Ordinal)
                    );
                    foreach (var (part, said) in plan.Parts.Zip(words))
                        Assert.Contains(said.Sentence ?? part.Quotes[0], answer.Text, StringComparison.Ordinal);
                }
            );
}
