using Akka.Actor;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Gateway;

public sealed class SessionHelloSpecs : SessionSpecsBase
{
    [Fact]
    public void Should_attach_before_it_answers_and_reads_on()
    {
        Start();
        Give("""{"id":1,"op":"hello","d":{"token":"good"} }""");
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        Assert.Equal((Ann, Device, 20), (attach.User, attach.Device, attach.MaxSessions));
        Assert.Equal(Session, attach.Session);
        ExpectNoNext();
        ExpectNoFrame();
        Users.Reply(new UserProtocol.Attached(attach.Correlation, "Ann"));
        Assert.Contains("\"epoch\":\"e7\"", Frame(), StringComparison.Ordinal);
        ExpectNext();
    }

    [Theory]
    [InlineData("none", ErrorCode.Unauthenticated)]
    [InlineData("old", ErrorCode.TokenExpired)]
    public void Should_refuse_a_wrong_token(string token, string code)
    {
        Start();
        Give($$"""{"id":1,"op":"hello","d":{"token":"{{token}}"} }""");
        ExpectClose(CloseCodes.AuthFailed);
        Assert.Contains($"\"code\":\"{code}\"", Frame(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.QuotaExceeded, CloseCodes.TooManyConnections)]
    [InlineData(ErrorCode.Unauthenticated, CloseCodes.Revoked)]
    [InlineData(ErrorCode.ShardUnavailable, CloseCodes.Internal)]
    public void Should_close_when_the_user_refuses(string code, int close)
    {
        Start();
        Give("""{"id":1,"op":"hello","d":{"token":"good"} }""");
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        Users.Reply(new UserProtocol.Refused(Ann, attach.Correlation, new Rejection(code, "No.")));
        ExpectClose(close);
        Assert.Contains($"\"code\":\"{code}\"", Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_close_with_4502_without_hello()
    {
        Start();
        Give("{}");
        ExpectNext();
        Time.Advance(SessionTimes.Hello);
        ExpectClose(CloseCodes.HelloTimeout);
    }

    [Fact]
    public void Should_give_up_when_the_user_does_not_answer()
    {
        Start();
        Give("""{"id":1,"op":"hello","d":{"token":"good"} }""");
        Users.ExpectMsg<UserProtocol.Attach>();
        Time.Advance(SessionTimes.Answer);
        ExpectClose(CloseCodes.Internal);
        Assert.Contains("\"code\":\"timeout\"", Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_want_hello_first()
    {
        Start();
        Give("""{"id":1,"op":"chat.list"}""");
        ExpectClose(CloseCodes.BadFrame);
        Assert.Contains("\"code\":\"unauthenticated\"", Frame(), StringComparison.Ordinal);
        Users.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_send_first_the_answer_then_what_was_missed_then_what_is_new()
    {
        Start();
        Give($$$"""{"id":1,"op":"hello","d":{"token":"good","resume":{"epoch":"e7","chats":{"{{{Chat}}}":4} } } }""");
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        Users.Reply(new UserProtocol.Attached(attach.Correlation, "Ann"));
        var question = Chats.ExpectMsg<ChatProtocol.GetEvents>();
        Assert.Equal(
            (Chat, Ann, 4, 200, true),
            (question.Chat, question.By, question.After, question.Limit, question.ForResume)
        );
        // These come while the chat is still being asked; 6 is in its answer too.
        var other = ChatId.New(Time.GetUtcNow());
        Session.Tell(Message(6));
        Session.Tell(Message(7));
        Session.Tell(Message(1, chat: other));
        ExpectNoFrame();
        Chats.Reply(new ChatProtocol.EventsPage(0, Chat, [Event(5), Event(6)], 6, null));
        var hello = Frame();
        Assert.EndsWith(
            $"\"chats\":{{\"{Chat}\":{{\"head\":6,\"limited\":false}}}}}}}}}}",
            hello,
            StringComparison.Ordinal
        );
        Assert.Equal([5, 6, 7, 1], new[] { SeqOf(Frame()), SeqOf(Frame()), SeqOf(Frame()), SeqOf(Frame()) });
        ExpectNext();
    }

    [Fact]
    public void Should_send_nothing_of_a_chat_with_too_much_and_leave_out_one_that_is_not_there()
    {
        Start();
        var gone = ChatId.New(Time.GetUtcNow());
        Give(
            $$$"""{"id":1,"op":"hello","d":{"token":"good","resume":{"epoch":"e7","chats":{"{{{Chat}}}":4,"{{{gone}}}":9} } } }"""
        );
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        Users.Reply(new UserProtocol.Attached(attach.Correlation, "Ann"));
        for (var i = 0; i < 2; i++)
        {
            var question = Chats.ExpectMsg<ChatProtocol.GetEvents>();
            Chats.Reply(
                question.Chat == Chat
                    ? new ChatProtocol.EventsPage(0, Chat, [], 900, null)
                    : new ChatProtocol.Refused(gone, 0, new Rejection(ErrorCode.NotFound, "No."))
            );
        }
        Assert.EndsWith(
            $"\"chats\":{{\"{Chat}\":{{\"head\":900,\"limited\":true}}}}}}}}}}",
            Frame(),
            StringComparison.Ordinal
        );
        ExpectNoFrame();
    }

    [Fact]
    public void Should_not_ask_any_chat_when_the_epoch_is_another()
    {
        Start();
        Give($$$"""{"id":1,"op":"hello","d":{"token":"good","resume":{"epoch":"e6","chats":{"{{{Chat}}}":4} } } }""");
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        Users.Reply(new UserProtocol.Attached(attach.Correlation, "Ann"));
        Assert.EndsWith("\"resume\":{\"ok\":false,\"chats\":{}}}}", Frame(), StringComparison.Ordinal);
        Chats.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_close_when_its_device_is_revoked_but_not_for_another()
    {
        SayHello();
        Session.Tell(new UserProtocol.SessionRevoked(DeviceId.New(Time.GetUtcNow())));
        ExpectNoFrame();
        Session.Tell(new UserProtocol.SessionRevoked(Device));
        ExpectClose(CloseCodes.Revoked);
    }

    [Fact]
    public void Should_live_past_its_token_only_when_refreshed()
    {
        SayHello(token: "short");
        Give("""{"id":2,"op":"token.refresh","d":{"token":"none"} }""");
        Assert.Contains("\"code\":\"unauthenticated\"", Frame(), StringComparison.Ordinal);
        Give("""{"id":3,"op":"token.refresh","d":{"token":"short"} }""");
        Assert.Equal("""{"re":3,"ok":{}}""", Frame());
        Time.Advance(TimeSpan.FromSeconds(19));
        ExpectNoFrame();
        Time.Advance(TimeSpan.FromSeconds(1));
        ExpectClose(CloseCodes.AuthFailed);
    }

    [Fact]
    public void Should_attach_again_when_its_user_moves()
    {
        Start();
        Give("""{"id":1,"op":"hello","d":{"token":"good"} }""");
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        var entity = CreateTestProbe();
        Session.Tell(new UserProtocol.Attached(attach.Correlation, "Ann"), entity.Ref);
        Frame();
        Sys.Stop(entity.Ref);
        var again = Users.ExpectMsg<UserProtocol.Attach>();
        Assert.Equal(Session, again.Session);
        Users.Reply(new UserProtocol.Attached(again.Correlation, "Ann"));
        // What changed meanwhile is told, so that the client can pull it.
        Users.ExpectMsg<UserProtocol.GetTouched>();
        Users.Reply(new UserProtocol.Touched(0, [new ChatTouch(Chat, 8, Time.GetUtcNow())]));
        var question = Chats.ExpectMsg<ChatProtocol.GetChat>();
        Chats.Reply(new ChatProtocol.ChatFound(question.Correlation, View(head: 12, unread: 3)));
        Assert.Equal($$$"""{"ev":"inbox","chat":"{{{Chat}}}","d":{"head":12,"unread":3}}""", Frame());
    }

    private ChatView View(long head, int unread) =>
        new(Chat, ChatType.Group, null, Time.GetUtcNow(), null, head, 0, 0, unread, false, false, false, true, null, 8);

    private INumberedChatEvent Event(long seq) => ((Notices.Durable)Message(seq).Notice).Event;
}
