using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Grouping;
using CsCheck;

namespace ChatAi.Domain.Tests.Ai;

public class ConversationGrouperTests
{
    private static IEnumerable<string> Grouped(IEnumerable<TranscriptLine> lines) =>
        ConversationGrouper.Group(lines).Select(c => string.Join(' ', c.Lines.Select(l => l.Seq)));

    [Fact]
    public void Should_take_two_interleaved_talks_apart()
    {
        var lines = Transcripts.Lines(
            ("ann", "how do I mount my camera's card in a terminal?"),
            ("dora", "my sound is gone since the kernel update, does anyone know why?"),
            ("bob", "ann: plug it in and look at the output of dmesg"),
            ("carl", "dora: did the update remove the sound module? try lsmod"),
            ("ann", "bob: it says sdb1, so mount /dev/sdb1 /mnt?"),
            ("dora", "carl: snd_hda is missing indeed"),
            ("bob", "ann: yes"),
            ("carl", "dora: then modprobe snd_hda_intel"),
            ("eve", "hello all, where can I read about upgrading?"),
            ("ann", "bob: works, thanks!")
        );
        Assert.Equal(["1 3 5 7 10", "2 4 6 8", "9"], Grouped(lines));
    }

    [Fact]
    public void Should_follow_the_senders_own_reply_to_before_any_guess()
    {
        var lines = Transcripts
            .Lines(("ann", "tea or coffee?"), ("bob", "who has the keys?"), ("carl", "bob: me"))
            .ToList();
        var grouper = new ConversationGrouper();
        lines.ForEach(l => grouper.Add(l));
        Assert.Equal(1, grouper.Add(Transcripts.Line(4, "dora", "bob: tea", replyTo: 1)));
    }

    [Fact]
    public void Should_keep_a_talk_between_two_together_until_a_long_pause()
    {
        var at = Transcripts.Start;
        TranscriptLine[] lines =
        [
            Transcripts.Line(1, "ann", "are you coming on Friday?", at),
            Transcripts.Line(2, "bob", "I think so", at.AddMinutes(20)),
            Transcripts.Line(3, "ann", "bring the big tent", at.AddMinutes(21)),
            Transcripts.Line(4, "bob", "good morning, did you see the news?", at.AddHours(9)),
            Transcripts.Line(5, "ann", "no, what happened?", at.AddHours(9.1)),
        ];
        Assert.Equal(["1 2 3", "4 5"], Grouped(lines));
    }

    [Fact]
    public void Should_let_a_first_answer_reach_over_a_pause()
    {
        var at = Transcripts.Start;
        TranscriptLine[] lines =
        [
            Transcripts.Line(1, "ann", "which train do you take?", at),
            Transcripts.Line(2, "bob", "the one at nine", at.AddHours(3)),
        ];
        Assert.Equal(["1 2"], Grouped(lines));
    }

    [Fact]
    public void Should_keep_the_topics_and_days_of_a_small_circle_apart()
    {
        var at = Transcripts.Start;
        TranscriptLine[] lines =
        [
            Transcripts.Line(1, "mom", "dinner at seven, I make lasagne", at),
            Transcripts.Line(2, "lisa", "I come later, training until 7:30", at.AddMinutes(5)),
            Transcripts.Line(3, "tom", "can someone pick me up from the station?", at.AddMinutes(9)),
            Transcripts.Line(4, "dad", "I can, around 7:20", at.AddMinutes(11)),
            Transcripts.Line(5, "tom", "thanks dad", at.AddMinutes(12)),
            Transcripts.Line(6, "lisa", "good morning, who took my bike lock?", at.AddHours(15)),
            Transcripts.Line(7, "tom", "not me", at.AddHours(15.1)),
            Transcripts.Line(8, "dad", "it is in the garage next to the paint", at.AddHours(15.3)),
            Transcripts.Line(9, "lisa", "found it", at.AddHours(15.4)),
        ];
        Assert.Equal(["1 2", "3 4 5", "6 7 8 9"], Grouped(lines));
    }

    [Fact]
    public void Should_put_every_line_in_exactly_one_conversation_in_order() =>
        Transcripts.Gen.Sample(lines =>
        {
            var conversations = ConversationGrouper.Group(lines);
            Assert.Equal(lines.OrderBy(l => l.Seq), conversations.SelectMany(c => c.Lines).OrderBy(l => l.Seq));
            Assert.All(conversations, c => Assert.Equal(c.Lines.OrderBy(l => l.Seq), c.Lines));
            Assert.Equal(conversations.OrderBy(c => c.First), conversations);
        });

    [Fact]
    public void Should_group_one_by_one_as_at_once_and_never_change_an_earlier_choice() =>
        Transcripts.Gen.Sample(lines =>
        {
            var grouper = new ConversationGrouper();
            var parents = new List<long?>();
            for (var i = 0; i < lines.Count; i++)
            {
                parents.Add(grouper.Add(lines[i]));
                if (i % 7 == 0)
                    Assert.Equal(Grouped(lines.Take(i + 1)), grouper.Conversations().Select(Numbers));
            }

            Assert.Equal(Grouped(lines), grouper.Conversations().Select(Numbers));
            var again = new ConversationGrouper();
            Assert.Equal(parents, lines.Select(again.Add));

            static string Numbers(Conversation c) => string.Join(' ', c.Lines.Select(l => l.Seq));
        });

    [Fact]
    public void Should_keep_a_reply_with_what_it_answers() =>
        Transcripts.Gen.Sample(lines =>
        {
            var of = ConversationGrouper
                .Group(lines)
                .SelectMany(c => c.Lines.Select(l => (l.Seq, c.First)))
                .ToDictionary();
            Assert.All(lines.Where(l => l.ReplyTo is not null), l => Assert.Equal(of[l.ReplyTo!.Value], of[l.Seq]));
        });
}
