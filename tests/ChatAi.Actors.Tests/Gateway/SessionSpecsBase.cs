using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using ChatAi.Actors.Tests.Entities;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChatAi.Actors.Tests.Gateway;

/// <summary>A session between a socket and regions that the test plays.</summary>
public abstract class SessionSpecsBase : TestKit
{
    private TestProbe _inlet = null!;

    protected SessionSpecsBase()
    {
        Ann = UserId.New(Time.GetUtcNow());
        Device = DeviceId.New(Time.GetUtcNow());
        Chat = ChatId.New(Time.GetUtcNow());
    }

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    protected TestProbe Chats { get; private set; } = null!;
    protected TestProbe Users { get; private set; } = null!;
    protected UserId Ann { get; }
    protected DeviceId Device { get; }
    protected ChatId Chat { get; }
    protected IActorRef Session { get; private set; } = ActorRefs.Nobody;
    private FakeSocket Socket { get; set; } = null!;
    private protected FakeUploads Uploads { get; } = new();

    protected SendAdmission Admission { get; private set; } = null!;
    protected int MessagesPerSecond { get; set; }

    protected void Start(int capacity = Outbox.Capacity)
    {
        (Chats, Users, _inlet) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Socket = new FakeSocket(Time, capacity);
        var options = new ChatAiOptions
        {
            RateLimit = new() { MessagesPerSecond = MessagesPerSecond, Burst = 1 },
        };
        Admission = new SendAdmission(Options.Create(options), Time);
        var asking = new Asking(
            new Required<ChatRegion>(Chats.Ref),
            new Required<UserRegion>(Users.Ref),
            new Required<AiQueue>(CreateTestProbe().Ref)
        );
        var operations = new ChatOperations(asking, new FakeReader(), Time);
        var with = new SessionDependencies(
            Chats.Ref,
            Users.Ref,
            operations,
            new AttachmentOperations(asking, operations, Uploads, new FakeReader()),
            new SearchOperations(new FakeSearch(), operations),
            new FakeTokens(Verify),
            new RateLimits(Options.Create(options), Time),
            Admission,
            new FixedEpoch(),
            Time,
            20
        );
        Session = Sys.ActorOf(Props.CreateBy(new GatewayActor.OpenSession(Socket, with)));
        Session.Tell(SocketSignals.Opened.Instance, _inlet.Ref);
        ExpectNext();
    }

    private Outcome<TokenInfo> Verify(string token) =>
        token switch
        {
            "good" => new TokenInfo(Ann, Device, Time.GetUtcNow() + TimeSpan.FromHours(1)),
            "short" => new TokenInfo(Ann, Device, Time.GetUtcNow() + TimeSpan.FromSeconds(20)),
            "old" => new TokenInfo(Ann, Device, Time.GetUtcNow() - TimeSpan.FromSeconds(1)),
            _ => new Rejection(ErrorCode.Unauthenticated, "No."),
        };

    protected void SayHello(int capacity = Outbox.Capacity, string token = "good")
    {
        Start(capacity);
        Give($$"""{"id":1,"op":"hello","d":{"token":"{{token}}"} }""");
        var attach = Users.ExpectMsg<UserProtocol.Attach>();
        Users.Reply(new UserProtocol.Attached(attach.Correlation, "Ann"));
        ExpectNext();
        Assert.StartsWith("""{"re":1,"ok":{"session":""", Frame(), StringComparison.Ordinal);
    }

    /// <summary>A frame of the client, as the socket hands it over.</summary>
    protected void Give(string frame) => Session.Tell(ClientCodec.Decode(Encoding.UTF8.GetBytes(frame)), _inlet.Ref);

    protected void Send(int id, string text) =>
        Give(
            $$"""{"id":{{id}},"op":"message.send","d":{"chat":"{{Chat}}","cid":"{{Guid.CreateVersion7()}}","text":"{{text}}"} }"""
        );

    /// <summary>The session wants the next frame.</summary>
    protected void ExpectNext() => _inlet.ExpectMsg<SocketSignals.Next>();

    protected void ExpectNoNext() => _inlet.ExpectNoMsg(TimeSpan.FromMilliseconds(100));

    /// <summary>The next frame that the session sends.</summary>
    protected string Frame()
    {
        string? frame = null;
        AwaitCondition(
            () => (frame = Socket.Take()) is not null,
            TimeSpan.FromSeconds(5),
            TimeSpan.FromMilliseconds(5)
        );
        return frame!;
    }

    /// <summary>After everything told so far has been taken.</summary>
    protected void ExpectNoFrame()
    {
        Session.Tell(new Identify(this), TestActor);
        ExpectMsg<ActorIdentity>();
        Assert.Null(Socket.Take());
    }

    protected void ExpectClose(int code)
    {
        AwaitCondition(() => Socket.Closed is not null, TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(5));
        Assert.Equal(code, Socket.Closed!.Code);
    }

    protected void Executed(ChatProtocol.Execute execute, ChatAnswer answer) =>
        Session.Tell(new ChatProtocol.Executed(execute.Chat, execute.Correlation, answer, null));

    protected ChatAnswer Sent(long seq) =>
        new ChatAnswer.Sent(seq, MessageId.New(Time.GetUtcNow()), Time.GetUtcNow(), false);

    protected Delivery Message(long seq, string text = "x", ChatId? chat = null) =>
        new(
            new Notices.Durable(
                chat ?? Chat,
                new ChatEvents.MessageSent(
                    seq,
                    MessageId.New(Time.GetUtcNow()),
                    Ann,
                    false,
                    text,
                    new ClientMessageId(Guid.CreateVersion7()),
                    null,
                    null,
                    [],
                    Time.GetUtcNow()
                )
            )
        );

    protected static long? SeqOf(string frame)
    {
        using var json = JsonDocument.Parse(frame);
        return json.RootElement.TryGetProperty("seq", out var seq) ? seq.GetInt64() : null;
    }
}
