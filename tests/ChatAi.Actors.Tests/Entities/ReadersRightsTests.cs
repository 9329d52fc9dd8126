using ChatAi.ChatNode.Chats;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Actors.Tests.Entities;

/// <summary>No citation leads a reader to what lies before they came.</summary>
public sealed class ReadersRightsTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ChatId Chat = ChatId.New(At);
    private static readonly UserId Ada = UserId.New(At);
    private static readonly UserId Bob = UserId.New(At);
    private readonly ChatState _state = new();

    private static readonly RunId Run = new(Guid.CreateVersion7(At));

    private static readonly MessageSent Answer = new(
        4,
        new MessageId(Guid.CreateVersion7(At)),
        UserId.Assistant,
        true,
        "It rains [#2], it snows [#3].",
        new ClientMessageId(Run.Value),
        null,
        Run,
        [2, 3],
        At
    );

    public ReadersRightsTests()
    {
        _state.Apply(new ChatCreated(1, ChatType.Group, "Test", Ada, [new NewMember(Ada, MemberRole.Owner)], At));
        _state.Apply(
            new MessageSent(
                2,
                new MessageId(Guid.CreateVersion7(At)),
                Ada,
                false,
                "it rains",
                new ClientMessageId(Guid.CreateVersion7(At)),
                null,
                null,
                [],
                At
            )
        );
        _state.Apply(new MemberAdded(3, Bob, MemberRole.Member, Ada, At));
        _state.Apply(new AiRunRequested(Run, AiRunKind.Reply, "weather?", Ada, false, null, 1, At));
    }

    [Fact]
    public void Should_tell_each_reader_only_what_they_can_follow()
    {
        var before = new Dictionary<RunId, PendingRun>(_state.Runs);
        var from = new AiProvenance("p", "m", null, "1", 0, 2, 3, 1, 1, At, null);
        IChatEvent[] events = [Answer, new AiRunCompleted(Run, null, [2, 3], from, At)];
        foreach (var e in events)
            _state.Apply(e);

        var told = ChatEffects
            .Of(Chat, _state, before, new Dictionary<UserId, (long, long)>(), events, 6)
            .OfType<ChatEffect.Tell>()
            .SelectMany(tell => tell.Users.Select(user => (User: user, Cites: CitesOf(tell.Delivery.Notice))))
            .ToList();

        Assert.Equal(4, told.Count);
        Assert.All(told, t => Assert.Equal(t.User == Ada ? [2L, 3] : [3L], t.Cites));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_show_old_messages_and_events_only_with_what_the_reader_can_follow(long from)
    {
        long[] visible = from == 1 ? [2, 3] : [3];

        Assert.Equal(visible, ChatMessage.From(Answer).VisibleFrom(from).Cites);
        Assert.Equal(visible, ((MessageSent)((INumberedChatEvent)Answer).VisibleFrom(from)).Cites);
    }

    [Fact]
    public void Should_say_with_each_page_where_its_reader_begins()
    {
        var bob = _state.MemberOrNull(Bob)!;
        var history = new ChatProtocol.GetHistory(Chat, Bob, null, null, 50, 0);
        var events = new ChatProtocol.GetEvents(Chat, Bob, 0, 50, false, 0);

        Assert.Equal(3, ChatViews.HistoryOf(_state, bob, history, 4).VisibleFrom);
        Assert.Equal(3, ChatViews.EventsOf(Chat, _state, events, 4)!.VisibleFrom);
    }

    [Fact]
    public void Should_have_models_forget_the_chat_when_words_of_it_change()
    {
        IChatEvent[] events = [new MessageEdited(4, 2, Ada, "it snows", At)];
        _state.Apply(events[0]);

        var effects = ChatEffects.Of(
            Chat,
            _state,
            new Dictionary<RunId, PendingRun>(),
            new Dictionary<UserId, (long, long)>(),
            events,
            5
        );

        Assert.Single(effects.OfType<ChatEffect.Forget>());
    }

    private static IReadOnlyList<long> CitesOf(INotice notice) =>
        notice switch
        {
            Notices.Durable { Event: MessageSent sent } => sent.Cites,
            Notices.AiEnded ended => ended.Cites,
            _ => throw new InvalidOperationException(notice.ToString()),
        };
}
