using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Users;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Entities;

public sealed class UserActorSpecs : TestKit
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly UserId _ada = new(new Guid("00000000-0000-7000-8000-00000000000a"));
    private readonly UserId _bob = new(new Guid("00000000-0000-7000-8000-00000000000b"));
    private readonly DeviceId _phone = DeviceId.New(Start);
    private readonly TestProbe _chats;
    private readonly TestProbe _users;
    private long _correlation;

    public UserActorSpecs()
        : base(HeldJournal.Hocon)
    {
        _chats = CreateTestProbe();
        _users = CreateTestProbe();
    }

    private IActorRef StartUser(EntitySettings? settings = null) =>
        Sys.ActorOf(
            UserActor.Props(
                _ada,
                new UserDependencies(
                    () => _chats.Ref,
                    () => _users.Ref,
                    TimeProvider.System,
                    settings ?? new EntitySettings()
                )
            )
        );

    private IActorRef StartRegistered(EntitySettings? settings = null)
    {
        var user = StartUser(settings);
        Do(user, new UserCommands.Register("+15550100", "Ada"));
        ExpectMsg<UserProtocol.Executed>();
        Do(user, new UserCommands.AddDevice(_phone, "phone", "h1"));
        ExpectMsg<UserProtocol.Executed>();
        return user;
    }

    private void Do(IActorRef user, IUserCommand command) =>
        user.Tell(new UserProtocol.Execute(_ada, command, ++_correlation), TestActor);

    private TestProbe Attach(IActorRef user, int max = 0)
    {
        var session = CreateTestProbe();
        user.Tell(new UserProtocol.Attach(_ada, session.Ref, _phone, max, 1), TestActor);
        Assert.Equal("Ada", ExpectMsg<UserProtocol.Attached>().DisplayName);
        return session;
    }

    private static Delivery Note(long version = 1) =>
        new(
            new Notices.Typing(new ChatId(Guid.Empty), UserId.Assistant, true),
            new ChatTouch(new ChatId(Guid.Empty), version, Start)
        );

    [Fact]
    public void Should_tell_every_session_and_forget_those_that_ended()
    {
        var user = StartRegistered();
        var one = Attach(user);
        var two = Attach(user);
        user.Tell(new UserProtocol.Deliver(_ada, Note()));
        one.ExpectMsg<Delivery>();
        two.ExpectMsg<Delivery>();
        Watch(one.Ref);
        Sys.Stop(one.Ref);
        ExpectTerminated(one.Ref);
        user.Tell(new UserProtocol.Deliver(_ada, Note()));
        two.ExpectMsg<Delivery>();
    }

    [Fact]
    public void Should_close_the_sessions_of_a_revoked_device_and_let_none_back_in()
    {
        var user = StartRegistered();
        var session = Attach(user);
        Do(user, new UserCommands.RevokeDevice(_phone, "logout"));
        ExpectMsg<UserProtocol.Executed>();
        Assert.Equal(_phone, session.ExpectMsg<UserProtocol.SessionRevoked>().Device);
        user.Tell(new UserProtocol.Attach(_ada, session.Ref, _phone, 0, 2), TestActor);
        Assert.Equal(ErrorCode.Unauthenticated, ExpectMsg<UserProtocol.Refused>().Rejection.Code);
    }

    [Fact]
    public void Should_refuse_more_sessions_than_a_user_may_have()
    {
        var user = StartRegistered();
        Attach(user, 1);
        user.Tell(new UserProtocol.Attach(_ada, CreateTestProbe().Ref, _phone, 1, 2), TestActor);
        Assert.Equal(ErrorCode.QuotaExceeded, ExpectMsg<UserProtocol.Refused>().Rejection.Code);
    }

    [Fact]
    public void Should_tell_watchers_when_the_first_session_comes_and_the_last_goes()
    {
        var user = StartRegistered();
        user.Tell(new UserProtocol.GetPresence(_ada, _bob, 1), TestActor);
        Assert.False(ExpectMsg<UserProtocol.Presence>().Online);
        var session = Attach(user);
        Assert.True(Told().Online);
        Attach(user);
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Sys.Stop(session.Ref);
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        user.Tell(new UserProtocol.StopWatching(_ada, _bob));
        Assert.True(AskPresence(user));

        Notices.Presence Told()
        {
            var told = _users.ExpectMsg<UserProtocol.Deliver>();
            Assert.Equal(_bob, told.User);
            return (Notices.Presence)told.Delivery.Notice;
        }
    }

    [Fact]
    public void Should_tell_a_watcher_nothing_more_once_it_hides_from_them_and_hear_nothing_itself()
    {
        var cleo = new UserId(new Guid("00000000-0000-7000-8000-00000000000c"));
        var user = StartRegistered();
        var session = Attach(user);
        user.Tell(new UserProtocol.GetPresence(_ada, _bob, 1) { WatcherKnows = true }, TestActor);
        Assert.True(ExpectMsg<UserProtocol.Presence>().Online);
        user.Tell(new UserProtocol.GetPresence(_ada, cleo, 1), TestActor);
        Assert.True(ExpectMsg<UserProtocol.Presence>().Online);

        Do(user, new UserCommands.SetPrivacy(LastSeen.Contacts));
        ExpectMsg<UserProtocol.Executed>();
        var told = _users.ExpectMsg<UserProtocol.Deliver>();
        Assert.Equal((cleo, new Notices.Presence(_ada, false, null)), (told.User, told.Delivery.Notice));
        user.Tell(new UserProtocol.GetPresence(_ada, cleo, 2), TestActor);
        Assert.Equal(new UserProtocol.Presence(2, _ada, false, null), ExpectMsg<UserProtocol.Presence>());

        // News of a watched person from before the choice: dropped, and no more of it is wanted.
        user.Tell(new UserProtocol.Deliver(_ada, new Delivery(new Notices.Presence(_bob, true, null))), TestActor);
        Assert.Equal(new UserProtocol.StopWatching(_bob, _ada), _users.ExpectMsg<UserProtocol.StopWatching>());
        user.Tell(new UserProtocol.BeginWatching(_ada, [_bob], 3), TestActor);
        Assert.Equal(LastSeen.Contacts, ExpectMsg<UserProtocol.Watching>().Shows);
        user.Tell(new UserProtocol.Deliver(_ada, new Delivery(new Notices.Presence(_bob, true, null))), TestActor);
        session.ExpectMsg<Delivery>(d => d.Notice is Notices.Presence { Online: true });

        Do(user, new UserCommands.SetPrivacy(LastSeen.Nobody));
        ExpectMsg<UserProtocol.Executed>();
        Assert.Equal(_bob, _users.ExpectMsg<UserProtocol.Deliver>().User);
        user.Tell(new UserProtocol.GetPresence(_ada, _bob, 4) { WatcherKnows = true }, TestActor);
        Assert.Equal(new UserProtocol.Presence(4, _ada, false, null), ExpectMsg<UserProtocol.Presence>());
        user.Tell(new UserProtocol.BeginWatching(_ada, [_bob], 5), TestActor);
        ExpectMsg<UserProtocol.Watching>();
        user.Tell(new UserProtocol.Deliver(_ada, new Delivery(new Notices.Presence(_bob, true, null))), TestActor);
        _users.ExpectMsg<UserProtocol.StopWatching>();
        session.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Should_be_offline_with_its_time_after_the_last_session_and_a_restart()
    {
        var user = StartRegistered();
        var session = Attach(user);
        Sys.Stop(session.Ref);
        AwaitAssert(() => Assert.False(AskPresence(user)));
        Watch(user);
        Sys.Stop(user);
        ExpectTerminated(user);
        var again = StartUser();
        again.Tell(new UserProtocol.GetPresence(_ada, _ada, 3), TestActor);
        var presence = ExpectMsg<UserProtocol.Presence>();
        Assert.False(presence.Online);
        Assert.NotNull(presence.LastActiveAt);
    }

    [Fact]
    public void Should_make_one_chat_for_a_pair_however_many_ask_and_the_same_after_a_crash_in_between()
    {
        var user = StartRegistered();
        user.Tell(new UserProtocol.OpenDirect(_ada, _bob, _ada, 71), TestActor);
        user.Tell(new UserProtocol.OpenDirect(_ada, _bob, _bob, 72), TestActor);
        var question = _users.ExpectMsg<UserProtocol.GetProfile>();
        Assert.Equal(_bob, question.User);
        _users.Reply(new UserProtocol.Profile(_bob, question.Correlation, "+15550101", "Bob", null, []));
        var create = _chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal(_ada, ((ChatCommands.CreateChat)create.Command).By);
        _chats.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Watch(user);
        Sys.Stop(user);
        ExpectTerminated(user);
        var again = StartUser();
        again.Tell(new UserProtocol.OpenDirect(_ada, _bob, _bob, 73), TestActor);
        again.Tell(new UserProtocol.OpenDirect(_ada, _bob, _ada, 74), TestActor);
        var second = _chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal(create.Chat, second.Chat);
        _chats.Reply(new ChatProtocol.Executed(second.Chat, second.Correlation, ChatAnswer.Chat.Instance, null));
        Assert.Equal((73, create.Chat), Opened());
        Assert.Equal((74, create.Chat), Opened());
        again.Tell(new UserProtocol.OpenDirect(_ada, _bob, _bob, 75), TestActor);
        Assert.Equal((75, create.Chat), Opened());

        (long, ChatId) Opened()
        {
            var opened = ExpectMsg<UserProtocol.DirectOpened>();
            return (opened.Correlation, opened.Chat);
        }
    }

    [Fact]
    public void Should_open_no_chat_with_somebody_who_does_not_exist_nor_with_oneself()
    {
        var user = StartRegistered();
        user.Tell(new UserProtocol.OpenDirect(_ada, _bob, _ada, 1), TestActor);
        var question = _users.ExpectMsg<UserProtocol.GetProfile>();
        _users.Reply(
            new UserProtocol.Refused(_bob, question.Correlation, new Rejection(ErrorCode.NotFound, "no such user"))
        );
        Assert.Equal(ErrorCode.NotFound, ExpectMsg<UserProtocol.Refused>().Rejection.Code);
        user.Tell(new UserProtocol.OpenDirect(_ada, _ada, _ada, 2), TestActor);
        Assert.Equal(ErrorCode.BadRequest, ExpectMsg<UserProtocol.Refused>().Rejection.Code);
        _chats.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Should_remember_lately_changed_chats_at_their_newest_version()
    {
        var user = StartRegistered();
        user.Tell(new UserProtocol.Deliver(_ada, Note(7)));
        user.Tell(new UserProtocol.Deliver(_ada, Note(5)));
        user.Tell(new UserProtocol.GetTouched(_ada, 1), TestActor);
        Assert.Equal(7, Assert.Single(ExpectMsg<UserProtocol.Touched>().Chats).Version);
    }

    [Fact]
    public void Should_stay_in_memory_while_a_session_is_there()
    {
        var parent = CreateTestProbe();
        var user = parent.ChildActorOf(
            UserActor.Props(
                _ada,
                new UserDependencies(
                    () => _chats.Ref,
                    () => _users.Ref,
                    TimeProvider.System,
                    new EntitySettings(PassivateAfter: TimeSpan.FromMilliseconds(50))
                )
            )
        );
        Do(user, new UserCommands.Register("+15550100", "Ada"));
        Do(user, new UserCommands.AddDevice(_phone, "phone", "h1"));
        ExpectMsg<UserProtocol.Executed>();
        ExpectMsg<UserProtocol.Executed>();
        parent.ExpectMsg<Akka.Cluster.Sharding.Passivate>();
        var session = Attach(user);
        parent.ReceiveWhile(m => m, TimeSpan.FromMilliseconds(60));
        parent.ExpectNoMsg(TimeSpan.FromMilliseconds(200));
        Sys.Stop(session.Ref);
        parent.ExpectMsg<Akka.Cluster.Sharding.Passivate>();
    }

    private bool AskPresence(IActorRef user)
    {
        user.Tell(new UserProtocol.GetPresence(_ada, _ada, 9), TestActor);
        return ExpectMsg<UserProtocol.Presence>().Online;
    }
}
