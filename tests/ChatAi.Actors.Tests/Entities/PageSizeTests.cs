using ChatAi.ChatNode.Chats;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Cluster;

namespace ChatAi.Actors.Tests.Entities;

/// <summary>A busy group whose every message has a reaction of every member.</summary>
public sealed class PageSizeTests
{
    private const int MaximumFrame = 4 * 1024 * 1024;
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ChatId Chat = ChatId.New(At);
    private static readonly UserId Ada = UserId.New(At);
    private static readonly RunId Run = RunId.New(At);
    private readonly ChatState _state = StateOf(ChatState.RecentMessages);

    [Theory]
    [InlineData(null)]
    [InlineData(1L)]
    public void Should_end_a_page_before_it_is_too_much_for_a_message_between_nodes(long? after)
    {
        var member = _state.MemberOrNull(Ada)!;
        var seen = new List<long>();
        var next = after;
        ChatProtocol.HistoryPage page;
        do
        {
            var query = new ChatProtocol.GetHistory(
                Chat,
                Ada,
                after is null ? next : null,
                after is null ? null : next,
                Limits.HistoryPage,
                1
            );
            page = ChatViews.HistoryOf(_state, member, query, 1);
            Assert.NotEmpty(page.Messages);
            Assert.InRange(ClusterCodec.Current.ToBytes(page).Length, 1, MaximumFrame);
            seen.AddRange(page.Messages.Select(message => message.Seq));
            next = seen[^1];
        } while (page.HasMore);

        Assert.Equal(Enumerable.Range(2, ChatState.RecentMessages).Select(seq => (long)seq), seen.Order());
    }

    [Fact]
    public void Should_give_a_model_no_reactions()
    {
        var context = ChatViews.ContextOf(Chat, _state, Run, 50, 1)!;

        Assert.Equal(50, context.Lines.Count);
        Assert.InRange(ClusterCodec.Current.ToBytes(context).Length, 1, MaximumFrame);
    }

    private static ChatState StateOf(int messages)
    {
        var reactions = Enumerable
            .Range(0, Limits.GroupMembers)
            .ToDictionary(_ => new UserId(Guid.NewGuid()), _ => new string('字', Limits.EmojiLength));
        return ChatState.Restore(
            new ChatSnapshot(
                ChatType.Group,
                "Busy",
                true,
                At,
                messages + 1,
                messages,
                At,
                "",
                messages + 1,
                0,
                null,
                0,
                messages,
                [new Member(Ada, MemberRole.Owner, 1, 0, 0, 0, false, false, false)],
                [],
                [new PendingRun(Run, AiRunKind.Reply, "?", Ada, false, null, 1, At)],
                [
                    .. Enumerable
                        .Range(2, messages)
                        .Select(seq => new ChatMessage(
                            seq,
                            MessageId.New(At),
                            Ada,
                            false,
                            "hello",
                            new ClientMessageId(Guid.NewGuid()),
                            At,
                            null,
                            null,
                            false,
                            reactions,
                            null,
                            []
                        )),
                ],
                new CidFilter().ToBytes()
            )
        );
    }
}
