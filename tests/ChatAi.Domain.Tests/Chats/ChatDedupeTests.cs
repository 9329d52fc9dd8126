using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatDedupeTests
{
    [Fact]
    public void Should_answer_a_repetition_with_the_first_answer() =>
        ChatSteps.Story.Each(
            (world, command, decision) =>
            {
                if (command is not SendMessage send || !world.History.Members.ContainsKey(send.By))
                    return;
                var first = world.History.Find(send.By, send.Cid);
                var written = decision is Decision.Accepted { Events.Count: > 0 };
                if (written || first is null)
                    return;
                // Not written though the message is there: it was a repetition.
                if (send.Text == world.History.FirstTexts[first.Seq])
                    Assert.Equal(
                        new ChatAnswer.Sent(first.Seq, first.Id, first.At, true),
                        Assert.IsType<Decision.Accepted>(decision).Answer
                    );
                // Once a message was edited or deleted nobody knows what it said at first.
                else if (!first.Deleted && first.EditedAt is null)
                    Assert.Equal(ErrorCode.Conflict, Assert.IsType<Decision.Refused>(decision).Rejection.Code);
            }
        );

    [Fact]
    public void Should_have_one_message_a_sender_and_cid() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            var cids = world.History.Messages.Select(m => (m.Sender, m.Cid)).ToList();
            Assert.Equal(cids.Count, cids.Distinct().Count());
        });

    [Theory]
    [InlineData(1)]
    [InlineData(ChatState.RecentMessages + 1)]
    [InlineData(5_000)]
    [InlineData(CidFilter.Capacity + ChatState.RecentMessages + 2)]
    public void Should_know_a_cid_however_many_messages_lie_between(int between)
    {
        var world = ChatWorld.OfGroup();
        var (ada, bob) = (ChatWorld.People[0], ChatWorld.People[1]);
        var cid = world.NewCid();
        var first = world.Send(ada, "first", cid);
        for (var i = 0; i < between; i++)
            world.State.Apply(Next(world, bob));

        Assert.Equal(first with { Duplicate = true }, Repeat(world, new SendMessage(ada, cid, "first", null)));
        Assert.Equal(ErrorCode.Conflict, world.Refuse(new SendMessage(ada, cid, "other", null)));
        Assert.True(world.State.OldCids.Bytes < 120_000, $"{world.State.OldCids.Bytes} bytes of client ids");

        world.Restart();
        Assert.Equal(first with { Duplicate = true }, Repeat(world, new SendMessage(ada, cid, "first", null)));
    }

    [Fact]
    public void Should_let_two_people_use_the_same_cid()
    {
        var world = ChatWorld.OfGroup();
        var cid = world.NewCid();

        var first = world.Send(ChatWorld.People[0], "mine", cid);
        var second = world.Send(ChatWorld.People[1], "yours", cid);

        Assert.Equal((2, false, 3, false), (first.Seq, first.Duplicate, second.Seq, second.Duplicate));
    }

    private static ChatEvents.MessageSent Next(ChatWorld world, UserId by) =>
        new(world.State.Head + 1, new(world.NewId()), by, false, "m", world.NewCid(), null, null, [], world.Now);

    private static ChatAnswer Repeat(ChatWorld world, SendMessage send) => world.Accept(send).Answer;
}
