using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatRunTests
{
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];

    private static RunId? EndOf(IChatEvent e) =>
        e switch
        {
            AiRunCompleted run => run.Run,
            AiRunFailed run => run.Run,
            AiRunCancelled run => run.Run,
            SummaryUpdated run => run.Run,
            _ => null,
        };

    [Fact]
    public void Should_end_every_run_at_most_once_and_know_the_open_ones() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            var asked = world.Log.OfType<AiRunRequested>().Select(r => r.Run).ToList();
            var ended = world.Log.Select(EndOf).OfType<RunId>().ToList();
            Assert.Equal(asked.Count, asked.Distinct().Count());
            Assert.Equal(ended.Count, ended.Distinct().Count());
            Assert.Empty(ended.Except(asked));
            Assert.Equal(asked.Except(ended).ToHashSet(), world.State.Runs.Keys.ToHashSet());
            // Beside what people asked for, one summary may be under way.
            Assert.InRange(world.State.Runs.Count, 0, Limits.PendingRuns + 1);
        });

    [Fact]
    public void Should_post_each_answer_once() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            var answers = world.Log.OfType<MessageSent>().Where(m => m.IsAi).Select(m => m.Run).ToList();
            Assert.Equal(answers.Count, answers.Distinct().Count());
        });

    [Fact]
    public void Should_never_be_triggered_by_the_assistant() =>
        ChatSteps.Story.Each(
            (world, command, decision) =>
            {
                if (command is not CompleteRun || decision is not Decision.Accepted accepted)
                    return;
                Assert.All(accepted.Events.OfType<AiRunRequested>(), run => Assert.Equal(AiRunKind.Rolling, run.Kind));
                Assert.All(accepted.Events.OfType<MessageSent>(), m => Assert.True(m.IsAi && m.Sender.IsAssistant));
            }
        );

    [Fact]
    public void Should_start_a_run_with_the_message_that_asks()
    {
        ChatSteps.Story.Each(
            (world, command, decision) =>
            {
                if (
                    command is not SendMessage { Text: "@AI why?" } send
                    || decision is not Decision.Accepted { Events.Count: > 0 } accepted
                )
                    return;
                var runs = accepted.Events.OfType<AiRunRequested>().Where(r => r.Kind != AiRunKind.Rolling).ToList();
                var isHeard =
                    world.State.Type != ChatType.Group
                    || world.State.Control.Summon == AiSummon.Everyone
                    || world.State.Members[send.By].Role >= MemberRole.Admin;
                if (!world.State.AiEnabled || !isHeard)
                    Assert.Empty(runs);
                else
                    Assert.Equal(
                        (send.By, (long?)((MessageSent)accepted.Events[0]).Seq),
                        (runs.Single().By, runs.Single().TriggerSeq)
                    );
            }
        );
    }

    [Fact]
    public void Should_take_no_answer_made_from_words_that_changed()
    {
        var world = ChatWorld.OfGroup();
        var run = Ask(world);
        var seen = world.State.Mutations;
        var used = world.Send(Bob);
        var other = world.Send(Bob);
        var answer = Answer(world, run, seen, used.Seq);
        world.Accept(new DeleteMessage(Bob, other.Seq));
        world.Accept(new EditMessage(Bob, used.Seq, "else"));

        var late = world.Accept(answer);

        Assert.Equal((0, new ChatAnswer.RunAgain(run)), (late.Events.Count, late.Answer));
        Assert.Equal(2, world.Accept(Answer(world, run, world.State.Mutations)).Events.Count);
        Assert.Empty(world.Accept(Answer(world, run, world.State.Mutations)).Events);
    }

    [Fact]
    public void Should_take_no_answer_for_one_who_left()
    {
        var world = ChatWorld.OfGroup();
        world.Accept(new AskAssistant(Bob, AiRunKind.Reply, "why?", true));
        var run = world.Runs.Single();
        world.Accept(new RemoveMember(Bob, Bob));

        Assert.Empty(world.State.Runs);
        Assert.Empty(world.Accept(Answer(world, run, 0)).Events);
    }

    [Fact]
    public void Should_refuse_more_open_runs_than_allowed()
    {
        var world = ChatWorld.OfGroup();
        for (var i = 0; i < Limits.PendingRuns; i++)
            Ask(world);

        Assert.Equal(ErrorCode.AiBusy, world.Refuse(new AskAssistant(Ada, AiRunKind.Reply, "", null)));
        var events = world.Accept(new SendMessage(Ada, world.NewCid(), "@AI why?", null)).Events;
        Assert.Equal(
            [typeof(MessageSent), typeof(AiRunRequested), typeof(AiRunFailed)],
            events.Select(e => e.GetType())
        );
    }

    [Fact]
    public void Should_let_only_the_asker_or_an_admin_stop_a_run()
    {
        var world = ChatWorld.OfGroup();
        world.Accept(new AskAssistant(Bob, AiRunKind.Reply, "", false));
        world.Accept(new AskAssistant(Bob, AiRunKind.CatchUp, "", null));
        var (open, hidden) = (world.Runs[0], world.Runs[1]);

        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new CancelRun(ChatWorld.People[2], open)));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(new CancelRun(Ada, hidden)));
        world.Accept(new CancelRun(Ada, open));
        world.Accept(new CancelRun(Bob, hidden));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(new CancelRun(Bob, hidden)));
        Assert.Empty(world.State.Runs);
    }

    /// <summary>The same events whether or not the chat restarted in between.</summary>
    [Fact]
    public void Should_cancel_runs_in_the_order_of_asking()
    {
        var world = ChatWorld.OfGroup();
        var (first, second, third) = (Ask(world), Ask(world), Ask(world));
        world.Accept(new CancelRun(Ada, first));
        world.Accept(new CancelRun(Ada, second));
        var (fourth, fifth) = (Ask(world), Ask(world));

        var events = world.Accept(new SetChat(Ada, null, false, null, null, null)).Events;

        Assert.Equal([third, fourth, fifth], events.OfType<AiRunCancelled>().Select(e => e.Run));
    }

    private static RunId Ask(ChatWorld world) =>
        Assert
            .IsType<ChatAnswer.RunStarted>(world.Accept(new AskAssistant(Ada, AiRunKind.Reply, "why?", false)).Answer)
            .Run;

    [Fact]
    public void Should_take_an_answer_when_other_messages_changed()
    {
        var world = ChatWorld.OfGroup();
        var used = world.Send(Bob);
        var run = Ask(world);
        var answer = Answer(world, run, world.State.Mutations, used.Seq);
        var other = world.Send(Bob);
        world.Accept(new DeleteMessage(Bob, other.Seq));

        Assert.Equal(2, world.Accept(answer).Events.Count);
    }

    /// <summary>More changes than are remembered: better once more than once with what is gone.</summary>
    [Fact]
    public void Should_not_trust_what_it_cannot_remember()
    {
        var world = ChatWorld.OfGroup();
        var used = world.Send(Bob);
        var run = Ask(world);
        var answer = Answer(world, run, world.State.Mutations, used.Seq);
        var other = world.Send(Bob);
        for (var i = 0; i <= AiControl.RememberedMutations; i++)
            world.Accept(new EditMessage(Bob, other.Seq, $"edit {i}"));

        Assert.IsType<ChatAnswer.RunAgain>(world.Accept(answer).Answer);
    }

    private static CompleteRun Answer(ChatWorld world, RunId run, long version, long used = 1) =>
        new(run, "because", [], ChatSteps.Provenance(world) with { FirstSeq = 1, LastSeq = used }, version, null);
}
