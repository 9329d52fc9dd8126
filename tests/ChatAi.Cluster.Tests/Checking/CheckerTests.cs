using ChatAi.Faults.Checking;
using ChatAi.Faults.Records;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Testing;
using CsCheck;

namespace ChatAi.Cluster.Tests.Checking;

/// <summary>Each thing that must never be, done to a story in which all is well, is found and called by its name.</summary>
public sealed class CheckerTests
{
    private const int Messages = 6;
    private readonly Observations _well = Story.Of(Messages);

    [Fact]
    public void Should_find_nothing_where_all_is_well() =>
        Gen.Int[2, 40].Sample(messages => Assert.Empty(Checker.Check(Story.Of(messages))));

    [Fact]
    public void Should_find_an_acknowledged_message_that_the_journal_lost() =>
        Finds("lost", _well.With(rows => [.. rows.Where(row => SeqOf(row) != Messages)]));

    [Fact]
    public void Should_allow_an_unacknowledged_message_to_be_absent()
    {
        var open = new Sent(Story.Ada, Story.Chat, Guid.NewGuid(), "never came", false, TimeSpan.Zero);
        Assert.Empty(Checker.Check(_well with { Sends = [.. _well.Sends, open] }));
    }

    [Fact]
    public void Should_find_a_message_that_is_there_twice_acknowledged_or_not()
    {
        var doubled = _well.With(rows =>
        {
            var sent = (ChatEvents.MessageSent)rows[1].Event;
            return [.. rows, new JournalRow(rows.Count + 1, sent with { Seq = Messages + 5 })];
        });
        Finds("doubled", doubled);
        var first = doubled.Sends.First();
        Finds(
            "doubled",
            doubled with
            {
                Sends = [.. doubled.Sends.Skip(1), first with { AckedAt = null, Answers = [] }],
            }
        );
    }

    [Fact]
    public void Should_find_a_repeat_that_was_answered_differently()
    {
        var first = _well.Sends.First();
        var again = first with { Answers = [first.Answers[0], first.Answers[0] with { Seq = 99, Dup = true }] };
        Finds("answer", _well with { Sends = [again, .. _well.Sends.Skip(1)] });
    }

    [Fact]
    public void Should_find_a_send_that_was_refused_for_good()
    {
        var first = _well.Sends.First();
        Finds("refused", _well with { Sends = [first with { Refused = "conflict" }, .. _well.Sends.Skip(1)] });
    }

    [Fact]
    public void Should_find_a_gap_and_a_double_in_the_numbers() =>
        Gen.Int[2, Messages]
            .Select(Gen.Int[-2, 2])
            .Where(shift => shift.Item2 != 0)
            .Sample(
                (seq, by) =>
                    Finds(
                        "numbers",
                        _well.With(rows =>
                            [
                                .. rows.Select(row =>
                                    row.Event is ChatEvents.MessageSent sent && sent.Seq == seq
                                        ? row with
                                        {
                                            Event = sent with { Seq = seq + by },
                                        }
                                        : row
                                ),
                            ]
                        )
                    )
            );

    [Fact]
    public void Should_allow_spaces_in_the_place_of_words_only_where_they_were_taken_back()
    {
        // The first message was edited, the second deleted, the third left as it was.
        Assert.Empty(Checker.Check(Blanked(2)));
        Assert.Empty(Checker.Check(Blanked(3)));
        Finds("text", Blanked(4));
        Finds("text", Blanked(2, 1));

        Observations Blanked(long seq, int more = 0) =>
            _well.With(rows =>
                [
                    .. rows.Select(row =>
                        row.Event is ChatEvents.MessageSent sent && sent.Seq == seq
                            ? row with
                            {
                                Event = sent with { Text = new string(' ', sent.Text.Length + more) },
                            }
                            : row
                    ),
                ]
            );
    }

    [Fact]
    public void Should_find_what_somebody_saw_and_nobody_wrote()
    {
        var (seen, who) = _well.Sightings.First();
        Finds("phantom", Saw(seen with { Seq = 99 }, who));
        Finds("phantom", Saw(seen with { Msg = Guid.NewGuid() }, who));
        Finds("phantom", Saw(seen with { Text = "other words" }, who));
        Assert.Empty(Checker.Check(Saw(seen with { Text = null }, who)));
        Assert.Empty(Checker.Check(Saw(seen with { Text = "edited" }, who)));
    }

    [Fact]
    public void Should_find_a_view_that_is_not_the_whole_chat_in_order() =>
        Gen.Int[0, Messages]
            .Sample(at =>
            {
                var whole = Story.View(Story.Bob, Messages + 4).Seqs;
                Finds("view", Sees([.. whole.Take(at)]));
                Finds("view", Sees([.. whole.Take(at), .. whole.Skip(at + 1)]));
                Finds("view", Sees([.. whole.Take(at + 1), .. whole.Skip(at)]));
                Finds("view", Sees([.. whole.Take(at), whole[at + 1], whole[at], .. whole.Skip(at + 2)]));
            });

    [Fact]
    public void Should_find_a_member_who_has_nothing() =>
        Finds("view", _well with { Views = [Story.View(Story.Ada, Messages + 4)] });

    [Fact]
    public void Should_find_an_acknowledged_edit_or_deletion_that_is_not_there()
    {
        foreach (var change in _well.Changes)
            Finds("lost", _well with { Changes = [change with { Seq = 2 }] });
    }

    [Fact]
    public void Should_find_rows_that_are_not_what_the_journal_makes()
    {
        var row = _well.Messages.First();
        Finds("tables", _well with { Messages = [.. _well.Messages.Skip(1)] });
        Finds("tables", _well with { Messages = [row with { Content = "?" }, .. _well.Messages.Skip(1)] });
        Finds("tables", _well with { TableDifferences = ["a line"] });
        Finds("tables", _well with { Runs = [] });
    }

    [Fact]
    public void Should_find_a_run_that_ended_twice_or_never_or_answered_twice()
    {
        Finds("runs", _well.With(rows => [.. rows.Where(row => row.Event is not ChatEvents.AiRunCompleted)]));
        Finds("runs", _well.With(rows => [.. rows, rows[^1] with { SequenceNr = rows.Count + 1 }]));
        Finds(
            "runs",
            _well.With(rows =>
            {
                var answer = rows.Last(row => row.Event is ChatEvents.MessageSent);
                var again = (ChatEvents.MessageSent)answer.Event with { Seq = Messages + 5 };
                return [.. rows, new JournalRow(rows.Count + 1, again)];
            })
        );
    }

    private static void Finds(string rule, Observations seen) =>
        Assert.Contains(Checker.Check(seen), violation => violation.Rule == rule);

    private Observations Saw(Sighting seen, Guid who) =>
        _well with
        {
            Sightings = [.. _well.Sightings, KeyValuePair.Create(seen, who)],
        };

    private Observations Sees(IReadOnlyList<long> seqs) =>
        _well with
        {
            Views = [Story.View(Story.Ada, Messages + 4), new FinalView(Story.Bob, Story.Chat, seqs)],
        };

    private static long SeqOf(JournalRow row) => row.Event is INumberedChatEvent numbered ? numbered.Seq : 0;
}
