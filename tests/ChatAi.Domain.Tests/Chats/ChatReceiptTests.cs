using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using static ChatAi.Shared.Domain.Chats.ChatCommands;

namespace ChatAi.Domain.Tests.Chats;

public sealed class ChatReceiptTests
{
    [Fact]
    public void Should_only_raise_marks_and_never_above_the_head()
    {
        var before = new Dictionary<(ChatWorld, UserId), (long From, long Recv, long Read)>();
        ChatSteps.Story.Each(
            (world, _, _) =>
            {
                foreach (var m in world.State.Members.Values)
                {
                    Assert.InRange(m.Recv, 0, world.State.Head);
                    Assert.InRange(m.Read, 0, m.Recv);
                    lock (before)
                    {
                        // A member who left and came back starts anew.
                        if (before.TryGetValue((world, m.User), out var old) && old.From == m.From)
                        {
                            Assert.True(m.Recv >= old.Recv, "recv fell");
                            Assert.True(m.Read >= old.Read, "read fell");
                        }
                        before[(world, m.User)] = (m.From, m.Recv, m.Read);
                    }
                }
            }
        );
    }

    [Fact]
    public void Should_raise_marks_as_asked() =>
        ChatSteps.Story.Each(
            (world, command, _) =>
            {
                if (command is not Acknowledge ack || world.State.MemberOrNull(ack.By) is not { } member)
                    return;
                Assert.True(member.Read >= Math.Min(ack.Read ?? 0, world.State.Head));
                Assert.True(member.Recv >= Math.Min(ack.Recv ?? 0, world.State.Head));
            }
        );

    [Fact]
    public void Should_count_unread_messages_as_a_recount_does() =>
        ChatSteps.Story.AfterEachStep(world =>
        {
            foreach (var member in world.State.Members.Values.Where(m => !m.User.IsAssistant))
            {
                var (_, from, _, read) = world.History.Members[member.User];
                Assert.Equal(world.History.Unread(member.User, Math.Max(read, from - 1)), member.Unread);
            }
        });
}
