using System.Text.RegularExpressions;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Testing.Irc;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public partial class ExtractiveAssistantTests
{
    private static readonly IReadOnlyList<TranscriptLine> Talk = Transcripts.Lines(
        ("ann", "Where do we meet on Friday? The office is closed."),
        ("bob", "ann: the café in Long Street opens at 9:30, I booked a table for six"),
        ("carl", "my laptop lost its sound after the kernel update, does anyone know why?"),
        ("ann", "bob: good, I bring the contract"),
        ("dora", "carl: that is a known bug, go back to kernel 6.8 until the fix comes out"),
        ("carl", "dora: thanks, 6.8 works"),
        ("eve", "lol"),
        ("ann", "@AI summarize")
    );

    private static ExtractiveAnswer Ask(AiRunKind kind, string prompt, IReadOnlyList<TranscriptLine>? lines = null) =>
        ExtractiveAssistant.Answer(new ExtractiveRequest(kind, prompt, 8, lines ?? Talk, null, 4));

    [Fact]
    public void Should_quote_both_conversations_apart_and_say_what_it_is()
    {
        Assert.Equal(
            """
            Extracts from 7 messages, picked without a language model:

            ann, bob (3 messages)
            ann: Where do we meet on Friday? The office is closed. [#1]
            bob: ann: the café in Long Street opens at 9:30, I booked a table for six [#2]

            carl, dora, eve (4 messages)
            carl: my laptop lost its sound after the kernel update, does anyone know why? [#3]
            dora: carl: that is a known bug, go back to kernel 6.8 until the fix comes out [#5]
            """.ReplaceLineEndings("\n"),
            Ask(AiRunKind.Summarize, "").Text
        );
    }

    [Fact]
    public void Should_turn_to_what_the_summary_was_asked_to_be_about()
    {
        var answer = ExtractiveAssistant.Answer(
            new ExtractiveRequest(AiRunKind.Summarize, "the kernel bug", 8, Talk, null, 2)
        );
        Assert.Equal([3L, 5L], answer.Cites);
    }

    [Theory]
    [InlineData("when does the café open?", 2)]
    [InlineData("which kernel should carl go back to?", 5)]
    [InlineData("who brings the contract?", 4)]
    [InlineData("what did Dora say?", 5)]
    public void Should_answer_with_the_message_that_matches(string question, long seq) =>
        Assert.Contains(seq, Ask(AiRunKind.Reply, question).Cites);

    [Theory]
    [InlineData("what is the capital of France?")]
    [InlineData("how are you?")]
    [InlineData("когда обед?")]
    public void Should_say_plainly_that_nothing_matches(string question)
    {
        var answer = Ask(AiRunKind.Reply, question);
        Assert.Empty(answer.Cites);
        Assert.StartsWith("Nothing in the messages I can see matches that.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_bring_the_question_along_with_its_answer()
    {
        var answer = Ask(AiRunKind.Reply, "known bug fix?");
        Assert.Equal([3L, 5L], answer.Cites);
    }

    [Fact]
    public void Should_quote_what_others_said_to_a_question_that_matches()
    {
        var lines = Transcripts.Lines(
            ("lisa", "who took my bike lock?"),
            ("tom", "not me"),
            ("dad", "it is in the garage next to the paint"),
            ("lisa", "found it, thanks")
        );
        Assert.Contains(3L, Ask(AiRunKind.Reply, "where is the bike lock?", lines).Cites);
    }

    [Fact]
    public void Should_search_scripts_without_spaces_and_inflected_words()
    {
        var lines = Transcripts.Lines(
            ("ann", "会議は金曜日の十時です"),
            ("bob", "Die Lieferungen kommen am Montag"),
            ("carl", "ok")
        );
        Assert.Equal([1L], Ask(AiRunKind.Reply, "金曜日", lines).Cites);
        Assert.Equal([2L], Ask(AiRunKind.Reply, "Lieferung?", lines).Cites);
    }

    [Fact]
    public void Should_find_what_only_the_rolling_summary_still_has()
    {
        var answer = ExtractiveAssistant.Answer(
            new ExtractiveRequest(
                AiRunKind.Reply,
                "what is the wifi password?",
                null,
                [.. Talk.Select(l => l with { Seq = l.Seq + 100 })],
                "ann: the wifi password is on the fridge [#7]\nbob: lunch at noon [#9]",
                4
            )
        );
        Assert.Equal([7L], answer.Cites);
        Assert.Contains("ann: the wifi password is on the fridge [#7]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_not_let_a_message_or_a_name_forge_a_citation()
    {
        var lines = Transcripts.Lines(
            ("ann", "the invoice of the printer is in the blue folder [#99]"),
            ("mallory: x [#98]", "the folder\nof the printer: x [#97] is red")
        );
        var answer = Ask(AiRunKind.Summarize, "", lines);
        Assert.Equal([1L, 2L], answer.Cites);
        Assert.Equal([1L, 2L], Cited(answer.Text));
    }

    [Fact]
    public void Should_have_nothing_to_say_about_nothing()
    {
        Assert.Equal(new("Nothing new to quote.", []), Ask(AiRunKind.CatchUp, "", []) with { Cites = [] });
        Assert.Empty(Ask(AiRunKind.Summarize, "", [Transcripts.Line(1, "AI", "I am the assistant", isAi: true)]).Cites);
        Assert.Empty(Ask(AiRunKind.Reply, " ").Cites);
    }

    private static readonly string[] Prompts =
    [
        "",
        "what about the kernel update?",
        "did Bob say no",
        "Friday meeting",
        "会議",
        "cake",
    ];

    private static readonly Gen<ExtractiveRequest> Requests = Gen.Select(
            Gen.Int[1, 4],
            Gen.Int[0, Prompts.Length - 1],
            Transcripts.Gen,
            Gen.Int[0, 30],
            Gen.Int[0, 60]
        )
        .Select(
            (kind, prompt, lines, max, promptSeq) =>
                new ExtractiveRequest((AiRunKind)kind, Prompts[prompt], promptSeq, lines, null, max)
        );

    [Fact]
    public void Should_cite_exactly_what_it_quotes_and_only_visible_words_of_people() =>
        Requests.Sample(r =>
        {
            var answer = ExtractiveAssistant.Answer(r);
            var visible = r.Lines.Where(l => !l.IsAi && l.Seq != r.PromptSeq).ToDictionary(l => l.Seq);
            Assert.Equal(answer.Cites.Order().Distinct(), answer.Cites);
            Assert.Equal(answer.Cites, Cited(answer.Text).Order());
            Assert.All(answer.Cites, seq => Assert.Contains(seq, visible));
            Assert.True(answer.Cites.Count <= Math.Min(r.MaxQuotes, ExtractiveAssistant.MostQuotes));
        });

    [Fact]
    public void Should_quote_word_for_word() =>
        Requests.Sample(r =>
        {
            foreach (var quote in Quotes(ExtractiveAssistant.Answer(r).Text))
            {
                var line = r.Lines.Single(l => l.Seq == quote.Seq);
                Assert.Equal(Bare(line.SenderName.Replace(":", "", StringComparison.Ordinal)), Bare(quote.Name));
                Assert.StartsWith(Bare(quote.Words.TrimEnd('…')), Bare(line.Text), StringComparison.Ordinal);
                Assert.True(quote.Words.EndsWith('…') || Bare(quote.Words) == Bare(line.Text));
            }

            static string Bare(string text) =>
                string.Concat(text.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c)));
        });

    [Fact]
    public void Should_answer_the_same_whatever_the_order_of_the_lines_and_stay_short() =>
        Requests.Sample(r =>
        {
            var answer = ExtractiveAssistant.Answer(r);
            var shuffled = ExtractiveAssistant.Answer(r with { Lines = [.. r.Lines.Reverse()] });
            Assert.Equal(answer.Text, shuffled.Text);
            Assert.Equal(answer.Cites, shuffled.Cites);
            Assert.True(answer.Text.Length <= 300 * (1 + ExtractiveAssistant.MostQuotes));
        });

    [SkippableFact]
    public void Should_find_what_to_quote_in_five_thousand_real_lines()
    {
        var folder = IrcData.FindFolder();
        Skip.If(folder is null, "no shared/data/irc at or above the repository");
        var lines = IrcData
            .RawFiles(folder!)
            .SelectMany(IrcData.Read)
            .Where(l => l.Kind != IrcLineKind.System)
            .Take(5000)
            .Select((l, i) => Transcripts.Line(i + 1, l.Nick, l.Text, l.At))
            .ToList();
        Assert.Equal(5000, lines.Count);
        foreach (var kind in new[] { AiRunKind.Summarize, AiRunKind.Reply, AiRunKind.Rolling })
        {
            var request = new ExtractiveRequest(kind, "how do I mount a windows partition?", null, lines, null, 12);
            var answer = ExtractiveAssistant.Answer(request);
            Assert.NotEmpty(answer.Cites);
        }
    }

    private static IEnumerable<(string Name, string Words, long Seq)> Quotes(string text) =>
        text.Split('\n')
            .Select(l => QuoteLine().Match(l))
            .Where(m => m.Success)
            .Select(m => (m.Groups["name"].Value, m.Groups["words"].Value, long.Parse(m.Groups["seq"].Value)));

    private static IEnumerable<long> Cited(string text) =>
        AnyCitation().Matches(text).Select(m => long.Parse(m.Groups["seq"].Value));

    [GeneratedRegex(@"^(?<name>[^:]+): (?<words>.*) \[#(?<seq>\d+)\]$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex QuoteLine();

    [GeneratedRegex(@"\[#(?<seq>\d+)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex AnyCitation();
}
