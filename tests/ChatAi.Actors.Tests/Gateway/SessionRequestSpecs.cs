using Akka.Actor;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Gateway;

public sealed class SessionRequestSpecs : SessionSpecsBase
{
    [Fact]
    public void Should_acknowledge_a_message_only_after_the_chat_has()
    {
        SayHello();
        Send(2, "hi");
        ExpectNext();
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal(
            (Ann, "hi"),
            (((ChatCommands.SendMessage)execute.Command).By, ((ChatCommands.SendMessage)execute.Command).Text)
        );
        ExpectNoFrame();
        Executed(execute, Sent(7));
        Assert.StartsWith($$"""{"re":2,"ok":{"chat":"{{Chat}}","seq":7,""", Frame(), StringComparison.Ordinal);
        // A second answer finds nobody.
        Executed(execute, Sent(8));
        ExpectNoFrame();
    }

    [Fact]
    public void Should_take_no_more_messages_than_the_node_has_room_for_and_hold_it_against_nobody()
    {
        SayHello();
        while (Admission.TryEnter() is null) { }
        for (var id = 2; id < 50; id++)
        {
            Send(id, "too much");
            ExpectNext();
            Assert.Matches(
                $$"""^\{"re":{{id}},"err":\{"code":"shard_unavailable",.*"retry":true,"after_ms":[0-9]+\}\}$""",
                Frame()
            );
        }
        Admission.Leave();
        Send(50, "hi");
        Executed(Chats.ExpectMsg<ChatProtocol.Execute>(), Sent(7));
        Assert.StartsWith("""{"re":50,"ok":""", Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_give_back_the_room_of_what_was_answered_or_left_behind()
    {
        SayHello();
        Send(2, "answered");
        Send(3, "waiting");
        Send(4, "left behind");
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Chats.ExpectMsg<ChatProtocol.Execute>();
        Chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal(3, Admission.Open);
        Executed(execute, Sent(7));
        Frame();
        Assert.Equal(2, Admission.Open);
        Watch(Session);
        Session.Tell(SocketSignals.Ended.Instance);
        ExpectTerminated(Session);
        AwaitAssert(() => Assert.Equal(0, Admission.Open));
    }

    [Fact]
    public void Should_give_back_the_room_of_a_message_with_files()
    {
        SayHello();
        Give(
            $$"""{"id":2,"op":"message.send","d":{"chat":"{{Chat}}","cid":"{{Guid.CreateVersion7()}}","text":"x","attachments":["{{Guid.CreateVersion7()}}"]} }"""
        );
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal(1, Admission.Open);
        Chats.Reply(new ChatProtocol.Refused(Chat, execute.Correlation, new Rejection(ErrorCode.NotFound, "no file")));
        Assert.StartsWith("""{"re":2,"err":{"code":"not_found",""", Frame(), StringComparison.Ordinal);
        Assert.Equal(0, Admission.Open);
    }

    [Fact]
    public void Should_pass_a_refusal_on()
    {
        SayHello();
        Send(2, "hi");
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Session.Tell(new ChatProtocol.Refused(Chat, execute.Correlation, new Rejection(ErrorCode.Conflict, "cid")));
        Assert.Equal("""{"re":2,"err":{"code":"conflict","msg":"cid","retry":false}}""", Frame());
    }

    [Fact]
    public void Should_answer_timeout_when_the_chat_does_not_answer()
    {
        SayHello();
        Send(2, "hi");
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Time.Advance(SessionTimes.Answer - TimeSpan.FromMilliseconds(1));
        ExpectNoFrame();
        Assert.Equal(1, Admission.Open);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.StartsWith("""{"re":2,"err":{"code":"timeout",""", Frame(), StringComparison.Ordinal);
        Assert.Equal(0, Admission.Open);
        Executed(execute, Sent(7));
        ExpectNoFrame();
    }

    [Fact]
    public void Should_not_answer_a_request_without_an_id()
    {
        SayHello();
        Give($$"""{"op":"ack","d":{"chat":"{{Chat}}","read":3} }""");
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Assert.Equal(new ChatCommands.Acknowledge(Ann, null, 3), execute.Command);
        Executed(execute, ChatAnswer.Done.Instance);
        ExpectNoFrame();
    }

    [Fact]
    public void Should_refuse_the_65th_request_in_flight_and_hold_one_that_has_no_id()
    {
        SayHello();
        for (var id = 2; id < 2 + Limits.InFlight; id++)
        {
            Send(id, "x");
            ExpectNext();
        }
        var first = Chats.ExpectMsg<ChatProtocol.Execute>();
        for (var i = 1; i < Limits.InFlight; i++)
            Chats.ExpectMsg<ChatProtocol.Execute>();
        Send(99, "one too many");
        ExpectNext();
        Assert.StartsWith("""{"re":99,"err":{"code":"rate_limited",""", Frame(), StringComparison.Ordinal);
        Give($$"""{"op":"ack","d":{"chat":"{{Chat}}","read":3} }""");
        ExpectNoNext();
        Chats.ExpectNoMsg(TimeSpan.Zero);
        Executed(first, Sent(1));
        Assert.IsType<ChatCommands.Acknowledge>(Chats.ExpectMsg<ChatProtocol.Execute>().Command);
        ExpectNext();
    }

    [Fact]
    public void Should_refuse_an_id_that_waits_for_its_answer()
    {
        SayHello();
        Send(2, "a");
        var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
        Send(2, "b");
        Assert.StartsWith("""{"re":2,"err":{"code":"bad_request",""", Frame(), StringComparison.Ordinal);
        Executed(execute, Sent(7));
        Assert.StartsWith("""{"re":2,"ok":""", Frame(), StringComparison.Ordinal);
        Send(2, "c");
        Chats.ExpectMsg<ChatProtocol.Execute>();
    }

    [Fact]
    public void Should_keep_the_order_of_sends_to_a_person_whose_chat_is_not_known_yet()
    {
        SayHello();
        var bob = UserId.New(Time.GetUtcNow());
        for (var id = 2; id <= 4; id++)
            Give(
                $$"""{"id":{{id}},"op":"message.send","d":{"to":"{{bob}}","cid":"{{Guid.CreateVersion7()}}","text":"{{id}}"} }"""
            );
        var open = Users.ExpectMsg<UserProtocol.OpenDirect>();
        Users.ExpectNoMsg(TimeSpan.Zero);
        Chats.ExpectNoMsg(TimeSpan.Zero);
        Session.Tell(new UserProtocol.DirectOpened(open.Correlation, Chat));
        for (var id = 2; id <= 4; id++)
        {
            var execute = Chats.ExpectMsg<ChatProtocol.Execute>();
            Assert.Equal(Chat, execute.Chat);
            Assert.Equal($"{id}", ((ChatCommands.SendMessage)execute.Command).Text);
            Executed(execute, Sent(id));
            Assert.StartsWith($$"""{"re":{{id}},"ok":""", Frame(), StringComparison.Ordinal);
        }
        // The chat is known now.
        Give($$"""{"id":5,"op":"message.send","d":{"to":"{{bob}}","cid":"{{Guid.CreateVersion7()}}","text":"5"} }""");
        Chats.ExpectMsg<ChatProtocol.Execute>();
        Users.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_refuse_all_that_waits_for_a_person_who_is_not_there()
    {
        SayHello();
        var bob = UserId.New(Time.GetUtcNow());
        for (var id = 2; id <= 3; id++)
            Give(
                $$"""{"id":{{id}},"op":"message.send","d":{"to":"{{bob}}","cid":"{{Guid.CreateVersion7()}}","text":"x"} }"""
            );
        var open = Users.ExpectMsg<UserProtocol.OpenDirect>();
        Users.Reply(new UserProtocol.Refused(open.User, open.Correlation, new Rejection(ErrorCode.NotFound, "No.")));
        Assert.StartsWith("""{"re":2,"err":{"code":"not_found",""", Frame(), StringComparison.Ordinal);
        Assert.StartsWith("""{"re":3,"err":{"code":"not_found",""", Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_pass_typing_on_and_drop_what_is_too_fast()
    {
        SayHello();
        for (var id = 2; id <= 21; id++)
        {
            Give($$"""{"id":{{id}},"op":"typing","d":{"chat":"{{Chat}}","on":true} }""");
            Assert.Equal($$$"""{"re":{{{id}}},"ok":{}}""", Frame());
        }
        for (var i = 0; i < 10; i++)
            Assert.Equal(new ChatProtocol.SetTyping(Chat, Ann, true), Chats.ExpectMsg<ChatProtocol.SetTyping>());
        Chats.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_limit_the_rate_and_close_who_does_not_heed_it()
    {
        MessagesPerSecond = 2;
        SayHello();
        Send(2, "x");
        Chats.ExpectMsg<ChatProtocol.Execute>();
        Send(3, "x");
        Assert.Equal(
            """{"re":3,"err":{"code":"rate_limited","msg":"You are sending faster than this server allows.","retry":true,"after_ms":500}}""",
            Frame()
        );
        Time.Advance(TimeSpan.FromMilliseconds(500));
        Send(4, "x");
        Chats.ExpectMsg<ChatProtocol.Execute>();
        for (var i = 0; i < Strikes.Refusals; i++)
            Send(5 + i, "x");
        ExpectClose(CloseCodes.Rate);
        Chats.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_answer_a_failure_of_its_own_with_internal()
    {
        SayHello();
        Give($$"""{"id":2,"op":"history.get","d":{"chat":"{{Chat}}"} }""");
        Chats.ExpectMsg<ChatProtocol.GetHistory>();
        Chats.Reply("nonsense");
        Assert.StartsWith("""{"re":2,"err":{"code":"internal",""", Frame(), StringComparison.Ordinal);
    }
}
