using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatControlTests
{
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];
    private static readonly UserId Cleo = ChatWorld.People[2];

    private static SetChat Policy(UserId by, bool? enabled = null, AiSummon? summon = null, bool? unasked = null) =>
        new(by, null, enabled, null, null, null, summon, unasked);

    private static AskAssistant Ask(UserId by, bool isPrivate = false) => new(by, AiRunKind.Reply, "why?", isPrivate);

    private static RunId RunOf(Decision.Accepted accepted) => Assert.IsType<ChatAnswer.RunStarted>(accepted.Answer).Run;

    private static List<AiRunRequested> Asked(Decision.Accepted accepted) =>
        [.. accepted.Events.OfType<AiRunRequested>().Where(r => r.Kind != AiRunKind.Rolling)];

    private static Decision.Accepted Say(ChatWorld world, UserId by, string text, long? replyTo = null) =>
        world.Accept(new SendMessage(by, world.NewCid(), text, replyTo));

    private static Decision Complete(ChatWorld world, RunId run, string text = "because") =>
        world.Execute(new CompleteRun(run, text, [], ChatSteps.Provenance(world), world.State.Mutations, null));

    [Fact]
    public void Should_let_only_admins_choose_in_a_group_and_either_in_a_talk_of_two()
    {
        var group = ChatWorld.OfGroup();
        Assert.Equal(ErrorCode.Forbidden, group.Refuse(Policy(Bob, summon: AiSummon.Admins)));
        Assert.Equal(ErrorCode.Forbidden, group.Refuse(Policy(Bob, unasked: true)));
        group.Accept(new ChangeRole(Ada, Bob, MemberRole.Admin));
        var policy = Assert.IsType<AiPolicyChanged>(group.Accept(Policy(Bob, unasked: true)).Events.Single());
        Assert.Equal((true, AiSummon.Everyone, true), (policy.Enabled, policy.Summon, policy.Unasked));
        Assert.Empty(group.Accept(Policy(Ada, true, AiSummon.Everyone, true)).Events);

        var two = ChatWorld.OfTwo();
        Assert.Single(two.Accept(Policy(Bob, unasked: true)).Events);
        Assert.Single(two.Accept(Policy(Ada, unasked: false)).Events);
    }

    [Fact]
    public void Should_hear_only_admins_where_the_group_wants_that()
    {
        var world = ChatWorld.OfGroup();
        world.Accept(Policy(Ada, summon: AiSummon.Admins));

        Assert.Equal(ErrorCode.Forbidden, world.Refuse(Ask(Bob)));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(Ask(Bob, isPrivate: true)));
        Assert.Empty(Asked(Say(world, Bob, "@AI why?")));
        Assert.Single(Asked(Say(world, Ada, "@AI why?")));
        world.Accept(new ChangeRole(Ada, Bob, MemberRole.Admin));
        Assert.Single(Asked(Say(world, Bob, "@AI why?")));
    }

    [Fact]
    public void Should_answer_unasked_questions_to_nobody_now_and_then()
    {
        var world = ChatWorld.OfGroup();
        Assert.Empty(Asked(Say(world, Bob, "When is lunch?")));
        world.Accept(Policy(Ada, unasked: true));

        Assert.Empty(Asked(Say(world, Bob, "Lunch is at one.")));
        Assert.Empty(Asked(Say(world, Bob, "@Cleo when is lunch?")));
        Assert.Empty(Asked(Say(world, Bob, "Is it?", replyTo: 2)));
        var run = Asked(Say(world, Bob, "When is lunch?")).Single();
        Assert.Equal((Bob, true, "When is lunch?"), (run.By, run.Unasked, run.Prompt));
        for (var i = 1; i < AiControl.UnaskedEvery; i++)
            Assert.Empty(Asked(Say(world, Cleo, $"And dinner {i}?")));
        world.Restart();
        Assert.Single(Asked(Say(world, Cleo, "And dinner?")));
    }

    [Fact]
    public void Should_not_answer_unasked_for_those_who_may_not_call_the_assistant()
    {
        var world = ChatWorld.OfGroup();
        world.Accept(Policy(Ada, null, AiSummon.Admins, true));

        Assert.Empty(Asked(Say(world, Bob, "When is lunch?")));
        Assert.Single(Asked(Say(world, Ada, "When is lunch?")));
    }

    /// <summary>However it is tried, the assistant does not talk on alone beyond the soft bound.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_stop_an_assistant_that_talks_alone(bool byRegenerating)
    {
        var world = ChatWorld.OfGroup();
        Say(world, Ada, "go");
        RunId? last = null;
        var posted = 0;
        var open = new Queue<RunId>();
        for (var i = 0; i < 200; i++)
        {
            IChatCommand command = byRegenerating && last is { } again ? Again(Ada, again) : Ask(Ada);
            if (world.Execute(command) is Decision.Accepted accepted)
                open.Enqueue(RunOf(accepted));
            // Several at once, so that what is under way counts too.
            if (open.Count < 7 && i < 190)
                continue;
            if (open.TryDequeue(out var run) && Complete(world, run) is Decision.Accepted { Events.Count: > 0 })
            {
                posted++;
                last = run;
            }
        }

        Assert.Equal(LoopGuard.Soft, posted);
        Assert.Equal(ErrorCode.QuotaExceeded, world.Refuse(Ask(Ada)));
        world.Restart();
        Assert.Equal(ErrorCode.QuotaExceeded, world.Refuse(Ask(Ada)));
        Say(world, Bob, "stop it");
        world.Accept(Ask(Ada));
    }

    [Fact]
    public void Should_refuse_the_assistants_messages_at_the_hard_bound()
    {
        var world = ChatWorld.OfGroup();
        Say(world, Ada, "go");
        var (open, hidden) = (RunOf(world.Accept(Ask(Ada))), RunOf(world.Accept(Ask(Ada, isPrivate: true))));
        for (var i = 0; i < LoopGuard.Hard; i++)
            world.Apply(
                new MessageSent(
                    world.State.Head + 1,
                    new(world.NewId()),
                    UserId.Assistant,
                    true,
                    "again",
                    world.NewCid(),
                    null,
                    null,
                    [],
                    world.Now
                )
            );

        var refused = Assert.IsType<Decision.Accepted>(Complete(world, open));
        Assert.Equal(ErrorCode.QuotaExceeded, Assert.IsType<AiRunFailed>(refused.Events.Single()).Code);
        Assert.IsType<AiRunCompleted>(Assert.IsType<Decision.Accepted>(Complete(world, hidden)).Events.Single());
    }

    private static RegenerateRun Again(
        UserId by,
        RunId run,
        UserId? askedBy = null,
        bool isPrivate = false,
        long? trigger = null
    ) => new(by, run, AiRunKind.Reply, "why?", askedBy ?? Ada, isPrivate, trigger, 1);

    [Fact]
    public void Should_ask_once_more_and_leave_the_old_answer()
    {
        var world = ChatWorld.OfGroup();
        var message = Assert.IsType<ChatAnswer.Sent>(Say(world, Ada, "@AI why not?").Answer);
        var first = world.Runs.Single();
        Assert.Equal(ErrorCode.Conflict, world.Refuse(Again(Ada, first, trigger: message.Seq)));
        Complete(world, first, "first");

        var again = Asked(world.Accept(Again(Bob, first, trigger: message.Seq))).Single();

        Assert.NotEqual(first, again.Run);
        Assert.Equal(
            ("why not?", Bob, (long?)message.Seq, (RunId?)first),
            (again.Prompt, again.By, again.TriggerSeq, again.RegeneratedFrom)
        );
        Complete(world, again.Run, "second");
        Assert.Equal(["@AI why not?", "first", "second"], world.History.Messages.Select(m => m.Text));
    }

    [Fact]
    public void Should_ask_once_more_with_the_words_as_they_are_now()
    {
        var world = ChatWorld.OfGroup();
        var message = Assert.IsType<ChatAnswer.Sent>(Say(world, Ada, "@AI a secret").Answer);
        Complete(world, world.Runs[0]);
        world.Accept(new EditMessage(Ada, message.Seq, "@AI lunch"));
        Assert.Equal("lunch", Asked(world.Accept(Again(Ada, world.Runs[0], trigger: message.Seq))).Single().Prompt);
        world.Accept(new DeleteMessage(Ada, message.Seq));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(Again(Ada, world.Runs[0], trigger: message.Seq)));
    }

    [Fact]
    public void Should_let_only_its_asker_repeat_a_private_run()
    {
        var world = ChatWorld.OfGroup();
        var run = RunOf(world.Accept(Ask(Bob, isPrivate: true)));
        Complete(world, run);

        Assert.Equal(ErrorCode.NotFound, world.Refuse(Again(Ada, run, Bob, isPrivate: true)));
        Assert.True(Asked(world.Accept(Again(Bob, run, Bob, isPrivate: true))).Single().Private);
        world.Accept(Policy(Ada, summon: AiSummon.Admins));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(Again(Bob, run, Bob, isPrivate: true)));
    }

    [Fact]
    public void Should_count_what_was_asked_of_a_chat_in_an_hour()
    {
        var world = ChatWorld.OfGroup();
        world.Ai = new AiRules(true, RunsPerChatPerHour: 3);
        RunOf(world.Accept(Ask(Ada)));
        Say(world, Bob, "@AI why?");
        world.Accept(new CancelRun(Bob, world.Runs[^1]));
        RunOf(world.Accept(Ask(Cleo, isPrivate: true)));

        Assert.Equal(ErrorCode.QuotaExceeded, world.Refuse(Ask(Ada)));
        // The message stands; its run says why nothing comes, and does not count.
        for (var i = 0; i < 5; i++)
            Assert.Equal(
                ErrorCode.QuotaExceeded,
                Say(world, Bob, "@AI why?").Events.OfType<AiRunFailed>().Single().Code
            );
        world.Restart();
        Assert.Equal(ErrorCode.QuotaExceeded, world.Refuse(Ask(Ada)));
        world.Pass(TimeSpan.FromMinutes(61));
        RunOf(world.Accept(Ask(Ada)));
        Assert.Equal(1, world.State.Control.AskedWithinTheHour(world.Now));
    }

    [Fact]
    public void Should_start_and_complete_nothing_while_the_operator_says_no()
    {
        var world = ChatWorld.OfGroup();
        var run = RunOf(world.Accept(Ask(Ada)));
        world.Ai = new AiRules(Enabled: false);

        Assert.Equal(ErrorCode.AiDisabled, world.Refuse(Ask(Ada)));
        var sent = Say(world, Ada, "@AI why?").Events;
        Assert.Equal([typeof(MessageSent), typeof(AiRunRequested), typeof(AiRunFailed)], sent.Select(e => e.GetType()));
        var failed = Assert.IsType<Decision.Accepted>(Complete(world, run)).Events.Single();
        Assert.Equal(ErrorCode.AiDisabled, Assert.IsType<AiRunFailed>(failed).Code);
        Assert.Empty(world.State.Runs);
    }
}
