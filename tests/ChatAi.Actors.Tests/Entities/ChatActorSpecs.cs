using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.ChatNode.Chats;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Entities;

public sealed class ChatActorSpecs : TestKit
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly ChatId _chat = ChatId.New(Start);
    private readonly UserId _ada = UserId.New(Start);
    private readonly UserId _bob = UserId.New(Start);
    private readonly TestProbe _users;
    private readonly TestProbe _queue;
    private readonly FakeReader _reader = new();
    private long _correlation;

    public ChatActorSpecs()
        : base(HeldJournal.Hocon)
    {
        _users = CreateTestProbe();
        _queue = CreateTestProbe();
    }

    private JournalGate Journal => JournalGate.Of(Sys);

    private IActorRef StartChat(EntitySettings? settings = null) =>
        Sys.ActorOf(
            ChatActor.Props(
                _chat,
                new ChatDependencies(
                    _users.Ref,
                    _queue.Ref,
                    _reader,
                    TimeProvider.System,
                    settings ?? new EntitySettings()
                )
            )
        );

    private IActorRef StartGroup(EntitySettings? settings = null)
    {
        var chat = StartChat(settings);
        Do(chat, new ChatCommands.CreateChat(_ada, ChatType.Group, [_bob], "Test"));
        ExpectMsg<ChatProtocol.Executed>();
        _users.ExpectMsg<UserProtocol.Deliver>();
        _users.ExpectMsg<UserProtocol.Deliver>();
        return chat;
    }

    private void Do(IActorRef chat, IChatCommand command) =>
        chat.Tell(new ChatProtocol.Execute(_chat, command, ++_correlation), TestActor);

    private ChatCommands.SendMessage Send(string text, Guid? cid = null, UserId? by = null) =>
        new(by ?? _ada, new ClientMessageId(cid ?? Guid.CreateVersion7()), text, null);

    private ChatAnswer.Sent ExpectSent() => (ChatAnswer.Sent)ExpectMsg<ChatProtocol.Executed>().Answer;

    [Fact]
    public void Should_answer_and_deliver_only_after_the_journal_write()
    {
        var chat = StartGroup();
        Journal.Hold();
        Do(chat, Send("hello"));
        // The query is taken after the message and answered in order: had the answer gone out early, it would be first.
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        _users.ExpectNoMsg(TimeSpan.Zero);
        Journal.Release();
        Assert.Equal(2, ExpectSent().Seq);
        Assert.Equal(
            [_ada, _bob],
            new[] { _users.ExpectMsg<UserProtocol.Deliver>().User, _users.ExpectMsg<UserProtocol.Deliver>().User }
        );
    }

    [Fact]
    public void Should_show_no_reader_what_is_not_written_yet()
    {
        var chat = StartGroup();
        Journal.Hold();
        Do(chat, Send("hello"));
        chat.Tell(new ChatProtocol.GetHistory(_chat, _bob, null, null, 50, 99), TestActor);
        chat.Tell(new ChatProtocol.GetChat(_chat, _bob, false, 100), TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Journal.Release();
        ExpectSent();
        Assert.Equal("hello", Assert.Single(ExpectMsg<ChatProtocol.HistoryPage>().Messages).Text);
        Assert.Equal(2, ExpectMsg<ChatProtocol.ChatFound>().View.Head);
    }

    [Fact]
    public void Should_write_commands_that_arrive_during_a_write_together()
    {
        var chat = StartGroup();
        Journal.Hold();
        for (var i = 0; i < 20; i++)
            Do(chat, Send($"m{i}"));
        AwaitAssert(() => Assert.Equal(2, Journal.Batches.Count));
        Journal.Release();
        Assert.Equal(Enumerable.Range(2, 20), Enumerable.Range(0, 20).Select(_ => (int)ExpectSent().Seq));
        Assert.Equal(3, Journal.Batches.Count);
        Assert.Equal(19, Journal.Batches[2]);
    }

    [Fact]
    public void Should_lose_nothing_acknowledged_and_acknowledge_nothing_lost_when_the_journal_fails()
    {
        var chat = StartGroup();
        Watch(chat);
        Do(chat, Send("kept"));
        ExpectSent();
        Journal.Hold();
        var lost = Send("lost");
        Do(chat, lost);
        AwaitAssert(() => Assert.Equal(3, Journal.Batches.Count));
        Journal.Break();
        ExpectTerminated(chat);
        var again = StartChat();
        again.Tell(new ChatProtocol.GetHistory(_chat, _bob, null, null, 50, 1), TestActor);
        Assert.Equal("kept", Assert.Single(ExpectMsg<ChatProtocol.HistoryPage>().Messages).Text);
        Do(again, lost);
        Assert.Equal(new ChatAnswer.Sent(3, default, default, false).Seq, ExpectSent().Seq);
    }

    [Fact]
    public void Should_answer_a_repeated_cid_with_the_first_answer_after_a_restart()
    {
        var chat = StartGroup();
        var first = Send("once");
        Do(chat, first);
        var sent = ExpectSent();
        Restart(chat);
        var again = StartChat();
        Do(again, first);
        Assert.Equal(sent with { Duplicate = true }, ExpectSent());
        Do(again, first with { Text = "other" });
        Assert.Equal(ErrorCode.Conflict, ExpectMsg<ChatProtocol.Refused>().Rejection.Code);
    }

    [Fact]
    public void Should_come_back_from_a_snapshot_with_the_same_numbers_and_members()
    {
        var chat = StartGroup(new EntitySettings(SnapshotEvery: 10));
        for (var i = 0; i < 35; i++)
        {
            Do(chat, Send($"m{i}"));
            ExpectSent();
        }
        Restart(chat);
        var again = StartChat(new EntitySettings(SnapshotEvery: 10));
        again.Tell(new ChatProtocol.GetChat(_chat, _bob, true, 1), TestActor);
        var view = ExpectMsg<ChatProtocol.ChatFound>().View;
        Assert.Equal((36, 35, 2), (view.Head, view.Unread, view.Members!.Count));
        Do(again, Send("next"));
        Assert.Equal(37, ExpectSent().Seq);
    }

    [Fact]
    public void Should_go_on_after_recovering_more_events_than_a_snapshot_is_due_for()
    {
        var chat = StartGroup(new EntitySettings(SnapshotEvery: 1_000));
        for (var i = 0; i < 30; i++)
            Do(chat, Send($"m{i}"));
        for (var i = 0; i < 30; i++)
            ExpectSent();
        Restart(chat);
        var again = StartChat(new EntitySettings(SnapshotEvery: 5));
        Do(again, Send("next"));
        Assert.Equal(32, ExpectSent().Seq);
    }

    [Fact]
    public void Should_keep_the_order_of_sends_around_a_lookup()
    {
        var chat = StartGroup(new EntitySettings(SnapshotEvery: 100_000));
        var old = Send("old");
        Do(chat, old);
        var first = ExpectSent();
        for (var i = 0; i < ChatState.RecentMessages; i++)
            Do(chat, Send($"m{i}"));
        for (var i = 0; i < ChatState.RecentMessages; i++)
            ExpectSent();
        var found = new TaskCompletionSource<ChatMessage?>();
        _reader.ByCid = _ => found.Task;
        Do(chat, old);
        Do(chat, Send("after"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        found.SetResult(
            new ChatMessage(
                first.Seq,
                first.Id,
                _ada,
                false,
                "old",
                old.Cid,
                first.At,
                null,
                null,
                false,
                ChatMessage.NoReactions,
                null,
                []
            )
        );
        Assert.Equal(first with { Duplicate = true }, ExpectSent());
        Assert.Equal(first.Seq + ChatState.RecentMessages + 1, ExpectSent().Seq);
    }

    [Fact]
    public void Should_say_shard_unavailable_when_the_read_side_does_not_answer()
    {
        var chat = StartGroup(new EntitySettings(SnapshotEvery: 100_000));
        var old = Send("old");
        Do(chat, old);
        for (var i = 0; i < ChatState.RecentMessages; i++)
            Do(chat, Send($"m{i}"));
        for (var i = 0; i <= ChatState.RecentMessages; i++)
            ExpectSent();
        _reader.ByCid = _ => Task.FromException<ChatMessage?>(new TimeoutException());
        Do(chat, old);
        Assert.Equal(ErrorCode.ShardUnavailable, ExpectMsg<ChatProtocol.Refused>().Rejection.Code);
    }

    [Fact]
    public void Should_offer_a_run_after_its_message_is_written_and_again_after_a_restart()
    {
        var chat = StartGroup();
        Journal.Hold();
        Do(chat, Send("@AI what is new?"));
        _queue.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        Journal.Release();
        ExpectSent();
        var run = _queue.ExpectMsg<AiProtocol.OfferRun>().Run;
        Assert.Equal((AiRunKind.Reply, "what is new?", 2L), (run.Kind, run.Prompt, run.TriggerSeq));
        Restart(chat);
        StartChat();
        Assert.Equal(run.Run, _queue.ExpectMsg<AiProtocol.OfferRun>().Run.Run);
    }

    [Fact]
    public void Should_stream_a_run_to_all_and_end_it_once()
    {
        var chat = StartGroup();
        Do(chat, Send("@AI hi"));
        ExpectSent();
        Deliveries(2);
        var run = _queue.ExpectMsg<AiProtocol.OfferRun>().Run.Run;
        chat.Tell(new AiProtocol.RunStarted(_chat, run));
        chat.Tell(new AiProtocol.RunProgressed(_chat, run, 0, "Hel"));
        chat.Tell(new AiProtocol.RunProgressed(_chat, run, 0, "Hel"));
        chat.Tell(new AiProtocol.RunProgressed(_chat, run, 3, "lo"));
        Assert.IsType<Notices.AiStarted>(Deliveries(2)[0]);
        Assert.Equal("Hel", Assert.IsType<Notices.AiDelta>(Deliveries(2)[0]).Text);
        Assert.Equal(3, Assert.IsType<Notices.AiDelta>(Deliveries(2)[0]).Off);
        var complete = new ChatCommands.CompleteRun(run, "Hello", [2], Provenance(), 0, null);
        Do(chat, complete);
        Assert.Equal(3, ExpectSent().Seq);
        var message = Assert.IsType<ChatEvents.MessageSent>(Assert.IsType<Notices.Durable>(Deliveries(2)[0]).Event);
        Assert.Equal((true, "Hello", 2L), (message.IsAi, message.Text, message.ReplyTo));
        Assert.Equal(AiRunStatus.Done, Assert.IsType<Notices.AiEnded>(Deliveries(2)[0]).Status);
        Do(chat, complete);
        Assert.IsType<ChatAnswer.Done>(ExpectMsg<ChatProtocol.Executed>().Answer);
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Should_tell_a_private_run_to_its_asker_alone()
    {
        var chat = StartGroup();
        Do(chat, new ChatCommands.AskAssistant(_bob, AiRunKind.CatchUp, "", null));
        var run = ((ChatAnswer.RunStarted)ExpectMsg<ChatProtocol.Executed>().Answer).Run;
        chat.Tell(new AiProtocol.RunStarted(_chat, run));
        chat.Tell(new AiProtocol.RunProgressed(_chat, run, 0, "secret"));
        Do(chat, new ChatCommands.CompleteRun(run, "secret", [], Provenance(), 0, null));
        for (var i = 0; i < 3; i++)
            Assert.Equal(_bob, _users.ExpectMsg<UserProtocol.Deliver>().User);
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        chat.Tell(new ChatProtocol.GetRun(_chat, _ada, run, 1), TestActor);
        ExpectMsg<ChatProtocol.Executed>();
        Assert.Equal(ErrorCode.NotFound, ExpectMsg<ChatProtocol.Refused>().Rejection.Code);
    }

    [Fact]
    public void Should_cancel_a_run_and_take_no_late_answer()
    {
        var chat = StartGroup();
        Do(chat, Send("@AI hi"));
        ExpectSent();
        Deliveries(2);
        var run = _queue.ExpectMsg<AiProtocol.OfferRun>().Run.Run;
        Do(chat, new ChatCommands.CancelRun(_ada, run));
        ExpectMsg<ChatProtocol.Executed>();
        Assert.Equal(run, _queue.ExpectMsg<AiProtocol.CancelRun>().Run);
        Assert.Equal(AiRunStatus.Cancelled, Assert.IsType<Notices.AiEnded>(Deliveries(2)[0]).Status);
        Do(chat, new ChatCommands.CompleteRun(run, "late", [], Provenance(), 0, null));
        Assert.IsType<ChatAnswer.Done>(ExpectMsg<ChatProtocol.Executed>().Answer);
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void Should_send_a_removed_member_their_own_removal_last()
    {
        var chat = StartGroup();
        Do(chat, new ChatCommands.RemoveMember(_ada, _bob));
        ExpectMsg<ChatProtocol.Executed>();
        Assert.Equal(_ada, _users.ExpectMsg<UserProtocol.Deliver>().User);
        var last = _users.ExpectMsg<UserProtocol.Deliver>();
        Assert.Equal((_bob, true), (last.User, last.Delivery.Touches!.Removed));
        Do(chat, Send("without bob"));
        ExpectSent();
        Assert.Equal(_ada, _users.ExpectMsg<UserProtocol.Deliver>().User);
        _users.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        chat.Tell(new ChatProtocol.GetEvents(_chat, _bob, 0, 200, true, 1), TestActor);
        var missed = ExpectMsg<ChatProtocol.EventsPage>();
        Assert.IsType<ChatEvents.MemberRemoved>(missed.Events[^1]);
        chat.Tell(new ChatProtocol.GetEvents(_chat, _bob, 0, 200, false, 2), TestActor);
        Assert.Equal(ErrorCode.NotFound, ExpectMsg<ChatProtocol.Refused>().Rejection.Code);
    }

    private List<INotice> Deliveries(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _users.ExpectMsg<UserProtocol.Deliver>().Delivery.Notice)];

    private void Restart(IActorRef chat)
    {
        Watch(chat);
        Sys.Stop(chat);
        ExpectTerminated(chat);
        _users.ReceiveWhile(m => m, TimeSpan.FromMilliseconds(1));
    }

    private static AiProvenance Provenance() =>
        new("extractive", "extractive.v1", null, "none", 0, 1, 2, 0, 0, Start, null);
}
