using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatTextTests
{
    private static readonly UserId Ada = ChatWorld.People[0];
    private static readonly UserId Bob = ChatWorld.People[1];

    [Fact]
    public void Should_bound_texts_titles_and_reactions()
    {
        var world = ChatWorld.OfGroup();
        var message = world.Send(Ada, new string('x', Limits.TextLength));

        Assert.Equal(ErrorCode.TooLarge, Send(world, new string('x', Limits.TextLength + 1)));
        Assert.Equal(ErrorCode.BadRequest, Send(world, " \t\n"));
        Assert.Equal(ErrorCode.BadRequest, Send(world, "a\0b"));
        Assert.Equal(ErrorCode.BadRequest, Send(world, "a\udc00b"));
        Assert.Equal(ErrorCode.TooLarge, world.Refuse(new EditMessage(Ada, message.Seq, new string('x', 16_385))));
        Assert.Equal(ErrorCode.TooLarge, world.Refuse(new ReactToMessage(Bob, message.Seq, new string('x', 33))));
        Assert.Equal(ErrorCode.BadRequest, world.Refuse(new ReactToMessage(Bob, message.Seq, " ")));
        Assert.Equal(ErrorCode.TooLarge, Title(world, new string('x', Limits.TitleLength + 1)));
        Assert.Equal(ErrorCode.BadRequest, Title(world, "  "));
        Assert.Equal(2, world.State.Head);
    }

    [Fact]
    public void Should_let_only_authors_edit_and_admins_delete()
    {
        var world = ChatWorld.OfGroup();
        var message = world.Send(Bob);

        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new EditMessage(Ada, message.Seq, "mine")));
        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new DeleteMessage(ChatWorld.People[2], message.Seq)));
        world.Accept(new EditMessage(Bob, message.Seq, "better"));
        world.Accept(new DeleteMessage(Ada, message.Seq));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(new EditMessage(Bob, message.Seq, "again")));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(new DeleteMessage(Bob, message.Seq)));
    }

    [Fact]
    public void Should_let_nobody_delete_for_another_in_a_chat_of_two()
    {
        var world = ChatWorld.OfTwo();
        var message = world.Send(Bob);

        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new DeleteMessage(Ada, message.Seq)));
    }

    /// <summary>The rules hold for messages that memory no longer has; the history is asked.</summary>
    [Fact]
    public void Should_apply_the_same_rules_to_old_messages()
    {
        var world = ChatWorld.OfGroup();
        var message = world.Send(Bob);
        for (var i = 0; i < 2 * ChatState.RecentMessages; i++)
            world.Send(Ada);
        var before = world.Lookups;

        Assert.Equal(ErrorCode.Forbidden, world.Refuse(new EditMessage(Ada, message.Seq, "mine")));
        world.Accept(new DeleteMessage(Bob, message.Seq));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(new DeleteMessage(Bob, message.Seq)));
        Assert.Equal(ErrorCode.NotFound, world.Refuse(new DeleteMessage(Bob, 1)));
        Assert.Equal(before + 4, world.Lookups);
    }

    [Fact]
    public void Should_change_no_message_after_its_deletion() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            var deleted = new HashSet<long>();
            foreach (var e in world.Log)
            {
                var target = e switch
                {
                    ChatEvents.MessageEdited edited => edited.Target,
                    ChatEvents.MessageReacted reacted => reacted.Target,
                    ChatEvents.MessageDeleted gone => gone.Target,
                    _ => 0,
                };
                Assert.DoesNotContain(target, deleted);
                if (e is ChatEvents.MessageDeleted)
                    deleted.Add(target);
            }
        });

    /// <summary>The tables lag behind: they may not know yet that an old message was deleted a moment ago.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_ask_tables_that_know_of_the_newest_change(bool restart)
    {
        var world = ChatWorld.OfGroup();
        var message = world.Send(Bob);
        for (var i = 0; i < 2 * ChatState.RecentMessages; i++)
            world.Send(Ada);

        world.Accept(new DeleteMessage(Bob, message.Seq));
        if (restart)
            world.Restart();

        Assert.Equal(ErrorCode.NotFound, world.Refuse(new EditMessage(Bob, message.Seq, "again")));
    }

    [Fact]
    public void Should_not_count_a_message_deleted_a_moment_ago_as_unread()
    {
        var world = ChatWorld.OfGroup();
        var message = world.Send(Bob);
        for (var i = 0; i < 2 * ChatState.RecentMessages; i++)
            world.Send(Ada);

        world.Accept(new DeleteMessage(Bob, message.Seq));
        world.Accept(new Acknowledge(Ada, null, 1));

        Assert.Equal(0, world.State.Members[Ada].Unread);
    }

    [Fact]
    public void Should_seldom_need_the_history_to_send()
    {
        var world = ChatWorld.OfGroup();
        for (var i = 0; i < 20_000; i++)
            world.Send(i % 2 == 0 ? Ada : Bob);

        Assert.InRange(world.Lookups, 0, 200);
    }

    private static string Send(ChatWorld world, string text) =>
        world.Refuse(new SendMessage(Ada, world.NewCid(), text, null));

    private static string Title(ChatWorld world, string title) =>
        world.Refuse(new SetChat(Ada, title, null, null, null, null));
}
