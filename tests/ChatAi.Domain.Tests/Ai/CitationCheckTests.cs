using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class CitationCheckTests
{
    private static readonly IReadOnlyList<TranscriptLine> Talk = Transcripts.Lines(
        ("Ann", "the release moves to Thursday at 14:30"),
        ("Bob", "the build server does not start, the certificate is too old"),
        ("Carl", "I order a new certificate for the build server today"),
        ("Ann", "then the tests must be green by Wednesday"),
        ("Dora", "who writes the release notes?")
    );

    private static CheckedAnswer Check(string answer, CheckPolicy? policy = null) =>
        CitationCheck.Check(answer, Talk, policy ?? CheckPolicy.Summary);

    private static SentenceVerdict Verdict(string sentence) => Assert.Single(Check(sentence).Sentences).Verdict;

    [Theory]
    [InlineData("The release moves to Thursday at 14:30 [#1].", SentenceVerdict.Supported)]
    [InlineData("Ann moved the release to Thursday. [#1]", SentenceVerdict.Supported)]
    [InlineData("Carl said he orders a new certificate today [#3].", SentenceVerdict.Supported)]
    [InlineData("The build server needs a certificate before Wednesday's tests [#3, #4].", SentenceVerdict.Plausible)]
    [InlineData("The release moves to Thursday.", SentenceVerdict.Uncited)]
    [InlineData("The release moves to Thursday [#99].", SentenceVerdict.NoSuchMessage)]
    [InlineData("Penguins migrated across frozen oceans [#1].", SentenceVerdict.Unsupported)]
    [InlineData("The tests must be green [#5].", SentenceVerdict.Unsupported)]
    [InlineData("The release moves to Thursday at 15:30 [#1].", SentenceVerdict.WrongNumber)]
    [InlineData("Bob moved the release to Thursday [#1].", SentenceVerdict.WrongName)]
    [InlineData("Bob said the release moves to Thursday [#1, #2].", SentenceVerdict.Plausible)]
    [InlineData("Ann wrote to Peter that the release moves to Thursday [#1].", SentenceVerdict.WrongName)]
    [InlineData("The release does not move to Thursday [#1].", SentenceVerdict.WrongNegation)]
    [InlineData("The build server starts, the certificate is old [#2].", SentenceVerdict.WrongNegation)]
    public void Should_judge_each_sentence(string sentence, SentenceVerdict verdict) =>
        Assert.Equal(verdict, Verdict(sentence));

    [Fact]
    public void Should_drop_what_fails_from_a_summary_and_cite_only_what_is_there()
    {
        var answer = Check(
            "The release moves to Thursday [#1, #77]. Everything is fine. Bob moved the release [#1].\n"
                + "- Carl orders a new certificate today. [#3]\n\nPenguins migrated across frozen oceans [#4]."
        );
        Assert.Equal("The release moves to Thursday. [#1]\n- Carl orders a new certificate today. [#3]", answer.Text);
        Assert.Equal([1L, 3L], answer.Cites);
        Assert.Equal(AnswerFault.None, answer.Fault);
        Assert.Equal(0.4, answer.KeptShare);
    }

    [Fact]
    public void Should_mark_what_fails_in_a_reply()
    {
        var answer = Check("Bob moved the release [#1]. Ask me more!", CheckPolicy.Reply);
        Assert.Equal("Bob moved the release. (unverified) [#1] Ask me more!", answer.Text);
    }

    [Theory]
    [InlineData("Penguins live in the southern oceans.", "Penguins live in the southern oceans. (unverified)")]
    [InlineData("The release moves to Thursday at 15:30.", "The release moves to Thursday at 15:30. (unverified)")]
    [InlineData("The release moves to Thursday at 14:30.", "The release moves to Thursday at 14:30. [#1]")]
    [InlineData("Do penguins live in the southern oceans?", "Do penguins live in the southern oceans?")]
    [InlineData("I do not know that. Ask me more!", "I do not know that. Ask me more!")]
    public void Should_mark_what_a_reply_has_from_no_message(string answer, string shown) =>
        Assert.Equal(shown, Check(answer, CheckPolicy.Reply).Text);

    [Theory]
    [InlineData("", AnswerFault.Empty)]
    [InlineData(" [#1] \n ...", AnswerFault.Empty)]
    [InlineData("Bob Bob Bob Bob Bob Bob [#2]", AnswerFault.Repetition)]
    [InlineData("It is so [#1]. It is so [#2]. It is so [#3].", AnswerFault.Repetition)]
    [InlineData("{\"seq\":1,\"name\":\"Ann\",\"text\":\"the release\"}", AnswerFault.CopyThrough)]
    [InlineData("Ann: the release moves\nBob: oh no\nAnn: yes", AnswerFault.CopyThrough)]
    [InlineData("Nothing that is cited here.", AnswerFault.NothingHeld)]
    public void Should_refuse_broken_answers_whole(string text, AnswerFault fault)
    {
        var answer = Check(text);
        Assert.Equal(fault, answer.Fault);
        Assert.Empty(answer.Text);
        Assert.Empty(answer.Cites);
    }

    [Fact]
    public void Should_let_quotes_of_the_rolling_summary_be_cited()
    {
        var answer = CitationCheck.Check(
            "The budget is 400 euros [#90].",
            Talk,
            CheckPolicy.Summary,
            "Eve: the budget is 400 euros [#90]"
        );
        Assert.Equal([90L], answer.Cites);
    }

    [Fact]
    public void Should_accept_near_quotes_in_a_language_with_capital_nouns()
    {
        var lines = Transcripts.Lines(
            ("Ann", "Die Lieferung der neuen Fenster kommt am Montag in die Werkstatt"),
            ("Bob", "Das Büro bleibt wegen der Handwerker bis Freitag zu")
        );
        var answer = CitationCheck.Check(
            "Die Lieferung der Fenster kommt am Montag [#1]. Das Büro bleibt bis Freitag zu [#2].",
            lines,
            CheckPolicy.Summary
        );
        Assert.Equal(1, answer.SupportedShare);
    }

    [Fact]
    public void Should_not_split_at_numbers_addresses_or_initials()
    {
        var answer = Check("See example.org e.g. page 2.5 by J. Doe [#1]. Next!");
        Assert.Equal(["See example.org e.g. page 2.5 by J. Doe.", "Next!"], answer.Sentences.Select(s => s.Words));
    }

    [Fact]
    public void Should_cite_only_the_visible_whatever_the_answer_says() =>
        Gen.Select(Transcripts.Gen, Gen.String, Gen.Int[0, 130].Array[0, 6], Gen.Bool)
            .Sample(
                (lines, noise, seqs, mark) =>
                {
                    var text = string.Join(
                        ' ',
                        seqs.Select(s => $"{lines.FirstOrDefault(l => l.Seq == s)?.Text} [#{s}]. {noise} [#9{s}, {s}]")
                    );
                    var answer = CitationCheck.Check(text, lines, new CheckPolicy(mark, mark));
                    Assert.All(answer.Cites, c => Assert.Contains(lines, l => l.Seq == c));
                    Assert.Equal(answer.Cites.Order().Distinct(), answer.Cites);
                    Assert.Equal(answer.Fault == AnswerFault.None, answer.Text.Length > 0);
                }
            );
}
