using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Ai.Queue;
using ChatAi.ChatNode.Chats;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Users;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Entities;

/// <summary>Quotas and the operators' switch: who asks whom, and in which order.</summary>
public sealed class AiControlSpecs : TestKit
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly AiQuotas OnePerHour = new(new AiQuota(1, 0), 0, 0);
    private readonly ChatId _chat = ChatId.New(Start);
    private readonly UserId _ada = UserId.New(Start);
    private readonly UserId _bob = UserId.New(Start);
    private readonly TestProbe _chats;
    private readonly TestProbe _users;
    private readonly TestProbe _queue;

    public AiControlSpecs()
        : base(HeldJournal.Hocon)
    {
        _chats = CreateTestProbe();
        _users = CreateTestProbe();
        _queue = CreateTestProbe();
    }

    private IActorRef StartGroup()
    {
        var with = new ChatDependencies(
            _users.Ref,
            _queue.Ref,
            new FakeReader(),
            TimeProvider.System,
            new EntitySettings()
        )
        {
            Quotas = OnePerHour,
        };
        var chat = Sys.ActorOf(ChatActor.Props(_chat, with));
        Do(chat, new ChatCommands.CreateChat(_ada, ChatType.Group, [_bob], "Test"));
        ExpectMsg<ChatProtocol.Executed>();
        Told(2);
        return chat;
    }

    private void Do(IActorRef chat, IChatCommand command) =>
        chat.Tell(new ChatProtocol.Execute(_chat, command, 1), TestActor);

    private List<INotice> Told(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _users.ExpectMsg<UserProtocol.Deliver>().Delivery.Notice)];

    private RunId Ask(IActorRef chat)
    {
        Do(chat, new ChatCommands.SendMessage(_ada, new ClientMessageId(Guid.NewGuid()), "@AI why?", null));
        // Answered and delivered first; only then is the quota asked for, and no queue hears of it yet.
        Assert.IsType<ChatAnswer.Sent>(ExpectMsg<ChatProtocol.Executed>().Answer);
        Assert.All(Told(2), notice => Assert.IsType<Notices.Durable>(notice));
        var reserve = _users.ExpectMsg<UserProtocol.ReserveRun>();
        Assert.Equal((_ada, _chat), (reserve.User, reserve.Chat));
        return reserve.Run;
    }

    [Fact]
    public void Should_offer_a_run_only_when_the_asker_may_have_it()
    {
        var chat = StartGroup();
        var run = Ask(chat);
        chat.Tell(new AiProtocol.RunGranted(_chat, run));
        // The first that the queue hears at all.
        Assert.Equal(run, _queue.ExpectMsg<AiProtocol.OfferRun>().Run.Run);
        Do(chat, new ChatCommands.CancelRun(_ada, run));
        ExpectMsg<ChatProtocol.Executed>();
        Told(2);
        Assert.Equal((run, (int?)0), Settled());
    }

    [Fact]
    public void Should_end_a_run_that_the_asker_may_not_have_and_give_it_back()
    {
        var chat = StartGroup();
        var run = Ask(chat);
        var reason = new Rejection(ErrorCode.QuotaExceeded, "no more");
        chat.Tell(new AiProtocol.RunDenied(_chat, run, reason));
        var ended = Assert.IsType<Notices.AiEnded>(Told(2)[0]);
        Assert.Equal((AiRunStatus.Failed, reason), (ended.Status, ended.Reason));
        Assert.Equal((run, null), Settled());
        // A late grant starts nothing: the next that the queue hears is of the next run.
        chat.Tell(new AiProtocol.RunGranted(_chat, run));
        var next = Ask(chat);
        chat.Tell(new AiProtocol.RunGranted(_chat, next));
        Assert.Equal(next, _queue.ExpectMsg<AiProtocol.OfferRun>().Run.Run);
    }

    private (RunId, int?) Settled()
    {
        var settled = _users.ExpectMsg<UserProtocol.SettleRun>();
        return (settled.Run, settled.Tokens);
    }

    [Fact]
    public void Should_grant_what_the_users_quota_allows_and_remember_it()
    {
        IActorRef StartUser() =>
            Sys.ActorOf(
                UserActor.Props(
                    _ada,
                    new UserDependencies(() => _chats.Ref, () => _users.Ref, TimeProvider.System, new EntitySettings())
                    {
                        Quotas = OnePerHour,
                    }
                )
            );
        var user = StartUser();
        user.Tell(new UserProtocol.Execute(_ada, new UserCommands.Register("+15550100", "Ada"), 1), TestActor);
        ExpectMsg<UserProtocol.Executed>();
        var (first, second) = (RunId.New(Start), RunId.New(Start));
        user.Tell(new UserProtocol.ReserveRun(_ada, _chat, first));
        user.Tell(new UserProtocol.ReserveRun(_ada, _chat, second));
        Assert.Equal(first, _chats.ExpectMsg<AiProtocol.RunGranted>().Run);
        Assert.Equal(ErrorCode.QuotaExceeded, _chats.ExpectMsg<AiProtocol.RunDenied>().Reason.Code);

        Watch(user);
        Sys.Stop(user);
        ExpectTerminated(user);
        user = StartUser();
        user.Tell(new UserProtocol.CheckAiQuota(_ada, 2), TestActor);
        Assert.Equal(ErrorCode.QuotaExceeded, ExpectMsg<UserProtocol.Refused>().Rejection.Code);
        // Asked again after a crash of its chat: the same run is let through, and counts once.
        user.Tell(new UserProtocol.ReserveRun(_ada, _chat, first));
        Assert.Equal(first, _chats.ExpectMsg<AiProtocol.RunGranted>().Run);
    }

    [Fact]
    public void Should_start_nothing_before_it_has_heard_from_the_switch_and_end_all_when_off()
    {
        var control = new AiSwitch(configured: true);
        var settings = new AiQueueSettings(10, TimeSpan.FromMinutes(1));
        var queue = Sys.ActorOf(AiQueueActor.Props(_chats.Ref, settings, TimeProvider.System, control));
        var worker = CreateTestProbe();
        worker.Send(queue, new AiQueueProtocol.ReadyForWork(1));
        queue.Tell(Ai.AiSamples.Offer(1));
        queue.Tell(Ai.AiSamples.Offer(2));
        worker.Send(queue, AiQueueProtocol.GetQueue.Instance);
        Assert.Equal(0, worker.ExpectMsg<AiQueueProtocol.QueueState>().Running);

        Switch(true);
        Assert.Equal(Ai.AiSamples.Run(1), worker.ExpectMsg<AiQueueProtocol.AssignRun>().Run.Run);
        Switch(false);
        Assert.Equal(Ai.AiSamples.Run(1), worker.ExpectMsg<AiQueueProtocol.StopRun>().Run);
        var ended = new[] { _chats.ExpectMsg<AiProtocol.RunDenied>(), _chats.ExpectMsg<AiProtocol.RunDenied>() };
        Assert.Equal(
            [Ai.AiSamples.Run(1), Ai.AiSamples.Run(2)],
            ended.Select(e => e.Run).OrderBy(run => run == Ai.AiSamples.Run(2))
        );
        queue.Tell(Ai.AiSamples.Offer(3));
        Assert.Equal(ErrorCode.AiDisabled, _chats.ExpectMsg<AiProtocol.RunDenied>().Reason.Code);

        void Switch(bool enabled)
        {
            control.Set(enabled);
            Sys.EventStream.Publish(new AiSwitchProtocol.State(enabled, null));
        }
    }

    [Fact]
    public void Should_keep_the_switch_in_the_journal_and_tell_every_node()
    {
        var node = new AiSwitch(configured: true);
        var news = CreateTestProbe();
        Sys.EventStream.Subscribe(news.Ref, typeof(AiSwitchProtocol.State));
        var cluster = Sys.ActorOf(AiSwitchActor.Props(TimeProvider.System));
        Sys.ActorOf(AiSwitchFollower.Props(node, cluster));
        Assert.True(news.ExpectMsg<AiSwitchProtocol.State>().Enabled);

        cluster.Tell(new AiSwitchProtocol.Switch(false), TestActor);
        Assert.False(ExpectMsg<AiSwitchProtocol.State>().Enabled);
        Assert.False(news.ExpectMsg<AiSwitchProtocol.State>().Enabled);
        Assert.False(node.Enabled);

        Watch(cluster);
        Sys.Stop(cluster);
        ExpectTerminated(cluster);
        var again = Sys.ActorOf(AiSwitchActor.Props(TimeProvider.System));
        again.Tell(AiSwitchProtocol.Get.Instance, TestActor);
        var state = ExpectMsg<AiSwitchProtocol.State>();
        Assert.False(state.Enabled);
        Assert.NotNull(state.Since);
    }
}
