using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.Actors.Tests.Ai;
using ChatAi.ChatNode.Retention;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Time.Testing;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Retention;

public sealed class RetentionSweeperSpecs : TestKit
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly Old _old = new();
    private readonly TestProbe _chats;
    private IActorRef _sweeper = ActorRefs.Nobody;

    public RetentionSweeperSpecs()
        : base(AiSamples.Config) => _chats = CreateTestProbe("chats");

    private void StartSweeper(TimeSpan patience) =>
        _sweeper = Sys.ActorOf(
            RetentionSweeper.Props(
                _chats,
                _old,
                new RetentionSettings(TimeSpan.FromDays(30), TimeSpan.FromMilliseconds(20), Chats: 1, Messages: 2)
                {
                    Patience = patience,
                },
                _time
            )
        );

    [Fact]
    public void Should_go_through_all_chats_and_on_only_when_those_before_have_answered()
    {
        _old.Messages[Chat(1)] = [2, 3];
        _old.Messages[Chat(2)] = [5];
        StartSweeper(TimeSpan.FromMinutes(5));
        var (first, second) = (Expired(Chat(1), 2), Expired(Chat(1), 3));
        _chats.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Answer(Chat(1), first);
        Answer(Chat(1), second);
        Answer(Chat(2), Expired(Chat(2), 5));
        // And again from the start: what the tables still have is asked for again.
        Expired(Chat(1), 2);
    }

    [Fact]
    public void Should_not_wait_for_ever_for_a_chat_nor_stop_when_the_tables_are_away()
    {
        _old.Failure = new IOException("The database is away.");
        _old.Messages[Chat(1)] = [2];
        _old.Messages[Chat(2)] = [5];
        StartSweeper(TimeSpan.FromMilliseconds(50));
        _chats.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _old.Failure = null;
        Expired(Chat(1), 2);
        Expired(Chat(2), 5);
    }

    private long Expired(ChatId chat, long seq)
    {
        var told = _chats.ExpectMsg<ChatProtocol.Execute>();
        var command = new ChatCommands.ExpireMessage(seq, Start.AddDays(-30));
        Assert.Equal((chat, command), (told.Chat, told.Command));
        return told.Correlation;
    }

    private void Answer(ChatId chat, long correlation) =>
        _sweeper.Tell(new ChatProtocol.Executed(chat, correlation, ChatAnswer.Done.Instance, null));

    private sealed class Old : IOldMessages
    {
        public SortedDictionary<ChatId, IReadOnlyList<long>> Messages { get; } =
            new(Comparer<ChatId>.Create((a, b) => a.Value.CompareTo(b.Value)));

        public volatile Exception? Failure;

        public Task<IReadOnlyList<ChatId>> ChatsAsync(ChatId? after, int limit, CancellationToken cancel) =>
            Failure is { } failure
                ? Task.FromException<IReadOnlyList<ChatId>>(failure)
                : Task.FromResult<IReadOnlyList<ChatId>>([
                    .. Messages
                        .Keys.Where(chat => after is not { } last || chat.Value.CompareTo(last.Value) > 0)
                        .Take(limit),
                ]);

        public Task<IReadOnlyList<long>> MessagesAsync(
            ChatId chat,
            DateTimeOffset before,
            int limit,
            CancellationToken cancel
        ) => Task.FromResult<IReadOnlyList<long>>([.. Messages[chat].Take(limit)]);
    }
}
