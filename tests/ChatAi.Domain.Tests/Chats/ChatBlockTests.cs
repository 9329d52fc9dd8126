using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatBlockTests
{
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];

    private static SendMessage Say(ChatWorld world, UserId by, string text) => new(by, world.NewCid(), text, null);

    [Fact]
    public void Should_refuse_all_that_a_blocked_person_would_write()
    {
        var world = ChatWorld.OfTwo();
        var sent = Say(world, Bob, "hello");
        var seq = Assert.IsType<ChatAnswer.Sent>(world.Accept(sent).Answer).Seq;
        var own = Assert.IsType<ChatAnswer.Sent>(world.Accept(Say(world, Ada, "hi")).Answer).Seq;
        Assert.IsType<BlockChanged>(world.Accept(new SetBlock(Ada, true)).Events.Single());
        Assert.Empty(world.Accept(new SetBlock(Ada, true)).Events);

        Assert.Equal(ErrorCode.Forbidden, world.Refuse(Say(world, Bob, "are you there?")));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new EditMessage(Bob, seq, "hello again")));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new ReactToMessage(Bob, own, "👍")));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new AskAssistant(Bob, AiRunKind.Reply, "why?", false)));
        Assert.True(Assert.IsType<ChatAnswer.Sent>(world.Accept(sent).Answer).Duplicate);
        world.Accept(new AskAssistant(Bob, AiRunKind.Reply, "why?", true));
        world.Accept(new DeleteMessage(Bob, seq));
        world.Accept(Say(world, Ada, "I can still write"));

        world.Accept(new SetBlock(Ada, false));
        world.Accept(Say(world, Bob, "thanks"));
    }

    [Fact]
    public void Should_stop_what_the_blocked_person_had_asked_for()
    {
        var world = ChatWorld.OfTwo();
        var run = world.Accept(Say(world, Bob, "@AI why?")).Events.OfType<AiRunRequested>().Single().Run;
        var mine = world.Accept(Say(world, Ada, "@AI when?")).Events.OfType<AiRunRequested>().Single().Run;
        var events = world.Accept(new SetBlock(Ada, true)).Events;
        Assert.Equal(run, Assert.Single(events.OfType<AiRunCancelled>()).Run);
        Assert.Contains(mine, world.State.Runs.Keys);
    }

    [Fact]
    public void Should_keep_a_block_through_a_snapshot()
    {
        var world = ChatWorld.OfTwo();
        world.Accept(new SetBlock(Ada, true));
        var state = ChatState.Restore(world.State.ToSnapshot());
        Assert.True(state.IsBlocked(Bob));
        Assert.False(state.IsBlocked(Ada));
    }

    [Fact]
    public void Should_have_blocks_only_between_two_people()
    {
        Assert.Equal(ErrorCode.BadRequest, ChatWorld.OfGroup().Refuse(new SetBlock(Ada, true)));
        Assert.Equal(ErrorCode.BadRequest, ChatWorld.WithAssistant().Refuse(new SetBlock(Ada, true)));
        Assert.Equal(ErrorCode.NotFound, ChatWorld.OfTwo().Refuse(new SetBlock(ChatWorld.People[2], true)));
    }
}
