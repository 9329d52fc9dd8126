using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Time.Testing;
using static ChatAi.Actors.Tests.Ai.AiSamples;

namespace ChatAi.Actors.Tests.Ai;

public sealed class AiSweeperSpecs : TestKit
{
    private readonly FakeTimeProvider _time = new(Start.AddMinutes(1));
    private readonly FakeReader _reader = new();
    private readonly TestProbe _chats;

    public AiSweeperSpecs()
        : base(AiSamples.Config) => _chats = CreateTestProbe("chats");

    private IActorRef Sweeper(AiSweeperSettings? settings = null) =>
        Sys.ActorOf(AiSweeper.Props(_chats, _reader, settings ?? new(Hour, TimeSpan.FromSeconds(15)), _time));

    private static TimeSpan Hour => TimeSpan.FromHours(1);

    private static AiRunRow OpenRun(int n, int chat, DateTimeOffset at, AiRunKind kind = AiRunKind.Reply) =>
        new(Run(n), Chat(chat), kind, User(1), false, AiRunStatus.Queued, null, null, [], null, null, at, null);

    [Fact]
    public void Should_refresh_stale_chats_and_wake_all_with_open_runs_at_its_start_and_overdue_ones_later()
    {
        _reader.Stale.Add(Chat(1));
        _reader.Open.Add(OpenRun(1, chat: 2, Start));
        _reader.Open.Add(OpenRun(2, chat: 2, Start));
        _reader.Open.Add(OpenRun(3, chat: 3, _time.GetUtcNow()));
        var sweeper = Sweeper();
        var refresh = _chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal((Chat(1), ChatCommands.RefreshSummary.Instance), (refresh.Chat, refresh.Command));
        Assert.Equal(Chat(2), _chats.ExpectMsg<ChatProtocol.Wake>().Chat);
        Assert.Equal(Chat(3), _chats.ExpectMsg<ChatProtocol.Wake>().Chat);
        sweeper.Tell(OperatorProtocol.Sweep.Instance, TestActor);
        ExpectMsg(new OperatorProtocol.Swept(1, 1));
    }

    [Fact]
    public void Should_sweep_again_after_a_failure()
    {
        _reader.Failure = new IOException("The database is away.");
        _reader.Open.Add(OpenRun(1, chat: 2, Start));
        var sweeper = Sweeper(new(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(15)));
        _chats.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _reader.Failure = null;
        Assert.Equal(Chat(2), _chats.ExpectMsg<ChatProtocol.Wake>().Chat);
        sweeper.Tell(OperatorProtocol.Sweep.Instance, TestActor);
        ExpectMsg(new OperatorProtocol.Swept(0, 1));
    }

    [Fact]
    public void Should_leave_summaries_alone_without_an_assistant()
    {
        _reader.Stale.Add(Chat(1));
        _reader.Open.Add(OpenRun(1, chat: 2, Start, AiRunKind.Rolling));
        var sweeper = Sweeper(new(Hour, TimeSpan.FromSeconds(15)) { Summaries = false });
        sweeper.Tell(OperatorProtocol.Sweep.Instance, TestActor);
        ExpectMsg(new OperatorProtocol.Swept(0, 0));
    }
}
