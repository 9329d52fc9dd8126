using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Testing;
using CsCheck;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using Limits = ChatAi.Shared.Domain.Limits;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatMembershipTests
{
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];
    private static readonly UserId Eve = ChatWorld.People[5];

    [Fact]
    public void Should_not_exist_for_those_who_are_not_members() =>
        ChatSteps.Story.Each(
            (world, command, decision) =>
            {
                // Removed by this very command is not yet "not a member".
                if (command is not IMemberCommand { By: var by } || world.State.Members.ContainsKey(by))
                    return;
                if (decision is Decision.Accepted accepted)
                    Assert.Contains(accepted.Events, e => e is ChatEvents.MemberRemoved removed && removed.User == by);
                else
                    Assert.Equal(ErrorCode.NotFound, Assert.IsType<Decision.Refused>(decision).Rejection.Code);
            }
        );

    public static TheoryData<string> CommandTypes =>
        [
            .. typeof(IMemberCommand)
                .Assembly.GetTypes()
                .Where(t => t.IsClass && typeof(IMemberCommand).IsAssignableFrom(t))
                .Select(t => t.Name),
        ];

    [Theory]
    [MemberData(nameof(CommandTypes))]
    public void Should_answer_not_found_to_every_command_of_a_stranger(string type)
    {
        var world = ChatWorld.OfGroup();
        var run = Assert.IsType<ChatAnswer.RunStarted>(
            world.Accept(new AskAssistant(Ada, AiRunKind.Reply, "why?", null)).Answer
        );
        var message = world.Send(Ada);
        IMemberCommand[] commands =
        [
            new SendMessage(Eve, world.NewCid(), "hi", null),
            new EditMessage(Eve, message.Seq, "hi"),
            new DeleteMessage(Eve, message.Seq),
            new ReactToMessage(Eve, message.Seq, "👍"),
            new AddMembers(Eve, [Eve]),
            new RemoveMember(Eve, Bob),
            new ChangeRole(Eve, Eve, MemberRole.Owner),
            new SetChat(Eve, "mine", false, true, true, true),
            new SetBlock(Eve, true),
            new Acknowledge(Eve, 1, 1),
            new AskAssistant(Eve, AiRunKind.Summarize, "", true),
            new RegenerateRun(Eve, run.Run, AiRunKind.Reply, "why?", Eve, false, null, 1),
            new CancelRun(Eve, run.Run),
        ];

        Assert.Equal(ErrorCode.NotFound, world.Refuse(commands.Single(c => c.GetType().Name == type)));
    }

    [Fact]
    public void Should_never_leave_a_group_without_an_owner() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            if (world.State.Type == ChatType.Group && world.State.Members.Count > 0)
                Assert.Contains(world.State.Members.Values, m => m.Role == MemberRole.Owner);
        });

    [Fact]
    public void Should_agree_with_the_history_on_members_and_marks() =>
        ChatSteps.Story.AfterEachStep(world =>
            Assert.Equal(
                Shape.Of(world.History.Members),
                Shape.Of(
                    world.State.Members.ToDictionary(
                        m => m.Key,
                        m => (m.Value.Role, m.Value.From, m.Value.Recv, m.Value.Read)
                    )
                )
            )
        );

    /// <summary>Who may do what to whom, written down once more as a table of roles before the command.</summary>
    [Fact]
    public void Should_let_only_higher_roles_manage_members()
    {
        ChatSteps.Story.Sample(
            (kind, steps) =>
            {
                var world = ChatSteps.Begin(kind);
                foreach (var step in steps)
                foreach (var command in step.Commands(world))
                {
                    var roles = world.History.Members.ToDictionary(m => m.Key, m => m.Value.Role);
                    var accepted = world.Execute(command) is Decision.Accepted { Events.Count: > 0 };
                    if (!accepted || command is not IMemberCommand { By: var by })
                        continue;
                    var role = roles[by];
                    switch (command)
                    {
                        case AddMembers:
                            Assert.True(role >= MemberRole.Admin);
                            break;
                        case RemoveMember remove when remove.User != by:
                            Assert.True(role > roles[remove.User] && role >= MemberRole.Admin);
                            break;
                        case ChangeRole:
                            Assert.Equal(MemberRole.Owner, role);
                            break;
                        case SetChat { Title: not null } when Last(world, e => e is ChatEvents.ChatUpdated):
                            Assert.True(role >= MemberRole.Admin);
                            break;
                    }
                }
            },
            iter: 150
        );

        static bool Last(ChatWorld world, Func<IChatEvent, bool> isThat) => world.Log.TakeLast(3).Any(isThat);
    }

    [Fact]
    public void Should_let_nobody_remove_an_equal()
    {
        var world = ChatWorld.OfGroup();
        var (bob, cid) = (ChatWorld.People[1], ChatWorld.People[2]);
        world.Accept(new ChangeRole(Ada, bob, MemberRole.Admin));
        world.Accept(new ChangeRole(Ada, cid, MemberRole.Admin));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new RemoveMember(bob, cid)));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new RemoveMember(bob, Ada)));

        world.Accept(new ChangeRole(Ada, bob, MemberRole.Owner));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new RemoveMember(bob, Ada)));
        world.Accept(new RemoveMember(bob, cid));
    }

    [Fact]
    public void Should_show_a_newcomer_nothing_from_before()
    {
        var world = ChatWorld.OfGroup();
        var old = world.Send(Ada);
        world.Accept(new AddMembers(Ada, [Eve]));

        Assert.Equal(ErrorCode.NotFound, world.Refuse(new ReactToMessage(Eve, old.Seq, "👍")));
        Assert.Equal(ErrorCode.BadRequest, world.Refuse(new SendMessage(Eve, world.NewCid(), "re", old.Seq)));
        Assert.Equal(0, world.State.Members[Eve].Unread);
        var asked = world.Accept(new AskAssistant(Eve, AiRunKind.Summarize, "", null));
        Assert.Equal(world.State.Members[Eve].From, ((ChatEvents.AiRunRequested)asked.Events[0]).FromSeq);
    }

    [Fact]
    public void Should_hold_at_most_the_allowed_number_of_members()
    {
        var world = ChatWorld.OfGroup();
        var many = Enumerable.Range(0, Limits.GroupMembers - 3).Select(_ => new UserId(world.NewId())).ToList();

        Assert.Equal(ErrorCode.TooLarge, world.Refuse(new AddMembers(Ada, [.. many, Eve])));
        world.Accept(new AddMembers(Ada, many));
        Assert.Equal(ErrorCode.TooLarge, world.Refuse(new AddMembers(Ada, [Eve])));
        Assert.Equal(Limits.GroupMembers, world.State.Members.Count);
        Assert.Equal(
            ErrorCode.TooLarge,
            new ChatWorld().Refuse(new CreateChat(Ada, ChatType.Group, [.. many, Bob, Eve, new(world.NewId())], null))
        );
    }

    [Fact]
    public void Should_pass_an_owner_s_role_on_before_the_last_owner_leaves()
    {
        var world = ChatWorld.OfGroup();
        world.Accept(new ChangeRole(Ada, ChatWorld.People[2], MemberRole.Admin));
        Assert.Equal(ErrorCode.Conflict, world.Refuse(new ChangeRole(Ada, Ada, MemberRole.Member)));

        var events = world.Accept(new RemoveMember(Ada, Ada)).Events;

        Assert.Equal(MemberRole.Owner, world.State.Members[ChatWorld.People[2]].Role);
        Assert.IsType<ChatEvents.MemberRemoved>(events[^1]);
    }
}
