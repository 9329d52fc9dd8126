using Akka.Actor;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Gateway;

public sealed class SessionDeliverySpecs : SessionSpecsBase
{
    [Fact]
    public void Should_encode_a_delivery_once_for_all_sessions()
    {
        SayHello();
        var delivery = Message(3, "hello");
        Session.Tell(delivery);
        Assert.Equal(3, SeqOf(Frame()));
        var bytes = delivery.Frame;
        Assert.NotNull(bytes);
        Session.Tell(delivery);
        Frame();
        Assert.Same(bytes, delivery.Frame);
        Session.Tell(new Delivery(new Notices.ChatTouched(Chat)));
        ExpectNoFrame();
    }

    [Fact]
    public void Should_ping_and_close_who_does_not_answer()
    {
        SayHello();
        Time.Advance(SessionTimes.Ping);
        Assert.Equal("{}", Frame());
        Time.Advance(SessionTimes.Pong - TimeSpan.FromMilliseconds(1));
        // Anything that the client says counts.
        Give($$"""{"op":"typing","d":{"chat":"{{Chat}}","on":true} }""");
        Chats.ExpectMsg<ChatProtocol.SetTyping>();
        Time.Advance(SessionTimes.Ping - SessionTimes.Pong + TimeSpan.FromMilliseconds(1));
        Assert.Equal("{}", Frame());
        Time.Advance(SessionTimes.Pong);
        ExpectClose(CloseCodes.NoPong);
    }

    [Fact]
    public void Should_stop_reading_from_and_at_last_close_who_does_not_read()
    {
        SayHello(capacity: 1_000);
        for (var seq = 1; seq <= 5; seq++)
            Session.Tell(Message(seq));
        // The chat's events have become an inbox, which needs its count.
        Chats.ExpectMsg<ChatProtocol.GetChat>();
        Give("{}");
        ExpectNoNext();
        Time.Advance(SessionTimes.Slow - TimeSpan.FromMilliseconds(1));
        Session.Tell(Message(6));
        ExpectNoNext();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        ExpectClose(CloseCodes.Slow);
    }

    [Fact]
    public void Should_tell_a_slow_reader_so_and_not_that_its_pong_is_missing()
    {
        SayHello(capacity: 1_000);
        Time.Advance(SessionTimes.Ping);
        // The ping is not read, and neither is what follows: pong and patience end together.
        for (var seq = 1; seq <= 5; seq++)
            Session.Tell(Message(seq));
        Chats.ExpectMsg<ChatProtocol.GetChat>();
        Time.Advance(SessionTimes.Pong);
        ExpectClose(CloseCodes.Slow);
    }

    [Fact]
    public void Should_not_miss_the_pong_to_a_ping_that_a_slow_reader_never_got()
    {
        SayHello(capacity: 1_000);
        Time.Advance(SessionTimes.Ping - TimeSpan.FromSeconds(1));
        for (var seq = 1; seq <= 5; seq++)
            Session.Tell(Message(seq));
        var question = Chats.ExpectMsg<ChatProtocol.GetChat>();
        Time.Advance(TimeSpan.FromSeconds(1));
        Chats.Reply(new ChatProtocol.ChatFound(question.Correlation, View(unread: 4)));
        Assert.StartsWith("""{"ev":"inbox",""", Frame(), StringComparison.Ordinal);
        // It keeps up again; nobody has waited for an answer to a ping that was stuck.
        Assert.Equal("{}", Frame());
        Time.Advance(SessionTimes.Pong);
        Session.Tell(Message(6));
        Assert.Equal(6, SeqOf(Frame()));
    }

    [Fact]
    public void Should_read_on_when_the_client_has_read()
    {
        SayHello(capacity: 1_000);
        for (var seq = 1; seq <= 5; seq++)
            Session.Tell(Message(seq));
        var question = Chats.ExpectMsg<ChatProtocol.GetChat>();
        Give("{}");
        ExpectNoNext();
        Chats.Reply(new ChatProtocol.ChatFound(question.Correlation, View(unread: 4)));
        Assert.Equal($$$"""{"ev":"inbox","chat":"{{{Chat}}}","d":{"head":5,"unread":4}}""", Frame());
        ExpectNext();
        Session.Tell(Message(6));
        Assert.Equal(6, SeqOf(Frame()));
    }

    [Theory]
    [InlineData("no json", CloseCodes.BadFrame)]
    [InlineData("""{"id":9}""", CloseCodes.BadFrame)]
    public void Should_close_after_three_bad_frames(string frame, int code)
    {
        SayHello();
        Give(frame);
        ExpectNext();
        Give(frame);
        ExpectNext();
        Give(frame);
        ExpectClose(code);
        if (frame[0] == '{')
            Assert.StartsWith("""{"re":9,"err":{"code":"bad_request",""", Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_tell_of_the_drain_and_go_within_the_time()
    {
        SayHello();
        Session.Tell(new DrainSocket(TimeSpan.FromSeconds(1)));
        Assert.Equal("""{"ev":"drain","d":{"within_ms":1000}}""", Frame());
        Time.Advance(TimeSpan.FromSeconds(1));
        ExpectClose(CloseCodes.Drain);
    }

    [Fact]
    public void Should_end_with_its_socket()
    {
        SayHello();
        Watch(Session);
        Session.Tell(SocketSignals.Ended.Instance);
        ExpectClose(CloseCodes.Normal);
        ExpectTerminated(Session);
    }

    [Fact]
    public void Should_close_its_socket_when_it_fails()
    {
        SayHello();
        Session.Tell(Kill.Instance);
        ExpectClose(CloseCodes.Internal);
    }

    private ChatView View(int unread) =>
        new(Chat, ChatType.Group, null, Time.GetUtcNow(), null, 5, 0, 0, unread, false, false, false, true, null, 8);
}
