using Akka.Actor;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;
using ChatAi.Wire.Tests.Journal;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>
/// One value of every message that crosses nodes, with every field set, and one of everything it may carry: what the
/// golden files hold. Never changes; only grows.
/// </summary>
internal static class ClusterSamples
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero);
    private static readonly UserId Ada = new(Id(1));
    private static readonly UserId Bob = new(Id(2));
    private static readonly RunId Run = new(Id(3));
    private static readonly MessageId Message = new(Id(4));
    private static readonly ClientMessageId Cid = new(Id(5));
    private static readonly ChatId Chat = new(Id(6));
    private static readonly DeviceId Phone = new(Id(7));
    private static readonly PendingRun Pending = new(Run, AiRunKind.CatchUp, "why?", Ada, true, 401, 17, At, Run);
    private static readonly Rejection No = new(ErrorCode.RateLimited, "Too many.", 1_200);
    private static readonly RestOfPage Rest = new(1, 300, 50, true, 412);
    private static readonly ChatTouch Touch = new(Chat, 412, At, true);

    private static readonly AiProvenance Provenance = new(
        "llama",
        "small-1b",
        Hash,
        "p3",
        2,
        17,
        400,
        1234,
        56,
        At.AddSeconds(-2),
        At.AddSeconds(-1)
    )
    {
        Seed = 7,
    };

    private static readonly RollingSummary Summary = new(
        "They plan a trip.",
        1,
        400,
        Message,
        Hash,
        [17, 400],
        Provenance,
        At
    );

    private static readonly ChatMessage Line = new(
        401,
        Message,
        Ada,
        true,
        "grüß dich 👋🏽",
        Cid,
        At,
        399,
        At,
        true,
        new Dictionary<UserId, string> { [Bob] = "👍" },
        Run,
        [3, 17]
    );

    private static readonly ChatView View = new(
        Chat,
        ChatType.Group,
        "Wien 🎡",
        At,
        "grüß dich",
        412,
        400,
        390,
        7,
        true,
        true,
        true,
        true,
        Bob,
        420,
        [new MemberView(Ada, MemberRole.Owner, 400, 390)],
        AiSummon.Admins,
        true
    );

    /// <summary>Somewhere; nobody is told anything.</summary>
    public static readonly IActorRef Session = new EmptyLocalActorRef(
        null!,
        ActorPath.Parse("akka.tcp://chatai@10.0.0.1:4053/user/gateway/s1").WithUid(17),
        null!
    );

    public static readonly IReadOnlyList<IChatCommand> ChatCommandSamples =
    [
        new ChatCommands.SendMessage(Ada, Cid, "grüß dich 👋🏽 @AI", 399),
        new ChatCommands.SendMessage(Ada, Cid, "", null)
        {
            AttachmentIds = [JournalSamples.File.Id],
            Attachments = [JournalSamples.File],
        },
        new ChatCommands.CreateChat(Ada, ChatType.Group, [Ada, Bob], "Wien 🎡"),
        new ChatCommands.EditMessage(Ada, 401, "hello"),
        new ChatCommands.DeleteMessage(Bob, 401),
        new ChatCommands.ReactToMessage(Bob, 401, "👍"),
        new ChatCommands.AddMembers(Ada, [Bob]),
        new ChatCommands.RemoveMember(Ada, Bob),
        new ChatCommands.ChangeRole(Ada, Bob, MemberRole.Admin),
        new ChatCommands.SetChat(Ada, "Graz", true, false, true, false, AiSummon.Admins, true),
        new ChatCommands.Acknowledge(Ada, 400, 390),
        new ChatCommands.AskAssistant(Ada, AiRunKind.Summarize, "what did I miss?", true),
        new ChatCommands.RegenerateRun(Ada, Run, AiRunKind.Reply, "why?", Bob, true, 401, 17),
        new ChatCommands.CancelRun(Ada, Run),
        new ChatCommands.CompleteRun(
            Run,
            "Bob moved the meeting [#400]",
            [400],
            Provenance,
            3,
            new ChatCommands.RollingRange(1, 400, Message, Hash)
        )
        {
            Blocks = [new SummaryBlock(1, 385, 300, Hash, "Ada: They plan a trip. [#400]", [400])],
        },
        new ChatCommands.FailRun(Run, ErrorCode.AiBusy, "The queue is full."),
        ChatCommands.RefreshSummary.Instance,
        new ChatCommands.SetBlock(Ada, true),
        new ChatCommands.ExpireMessage(412, At),
    ];

    public static readonly IReadOnlyList<IUserCommand> UserCommandSamples =
    [
        new UserCommands.AddDevice(Phone, "phone", Hash),
        new UserCommands.Register("+4366412345678", "Ada"),
        new UserCommands.ChangeProfile("Ada L."),
        new UserCommands.RotateRefresh(Phone, Hash, Hash),
        new UserCommands.RevokeDevice(Phone, "logout"),
        new UserCommands.OpenDirectChat(Bob),
        new UserCommands.ReserveRun(Run, Chat, 4_096, new AiQuota(30, 200_000)),
        new UserCommands.SettleRun(Run, 812),
        UserCommands.GoOffline.Instance,
        new UserCommands.SetBlocked(Bob, true),
        new UserCommands.SetPrivacy(LastSeen.Nobody),
    ];

    public static readonly IReadOnlyList<ChatAnswer> AnswerSamples =
    [
        ChatAnswer.Chat.Instance,
        ChatAnswer.Done.Instance,
        new ChatAnswer.Sent(401, Message, At, true),
        new ChatAnswer.Numbered(402),
        new ChatAnswer.RunStarted(Run),
        new ChatAnswer.RunAgain(Run),
    ];

    public static readonly IReadOnlyList<INumberedChatEvent> EventSamples =
    [
        .. JournalSamples.All.OfType<INumberedChatEvent>(),
    ];

    public static readonly IReadOnlyList<INotice> NoticeSamples =
    [
        .. EventSamples.Select(e => new Notices.Durable(Chat, e)),
        new Notices.Receipt(Chat, Ada, 400, 390),
        new Notices.Typing(Chat, Ada, true),
        new Notices.Presence(Ada, true, At),
        new Notices.ChatTouched(Chat),
        new Notices.Blocked(Bob, true),
        new Notices.AiStarted(Chat, Run, Ada, AiRunKind.Reply),
        new Notices.AiDelta(Chat, Run, 12, " moved"),
        new Notices.AiEnded(Chat, Run, AiRunStatus.Failed, "Bob moved", [400], No),
    ];

    /// <param name="session">Stands in <see cref="UserProtocol.Attach"/>.</param>
    public static IReadOnlyList<object> All(IActorRef session) =>
        [
            .. ChatCommandSamples.Select(c => new ChatProtocol.Execute(Chat, c, 42) { Trace = Trace }),
            .. AnswerSamples.Select(a => new ChatProtocol.Executed(Chat, 42, a, View)),
            new ChatProtocol.Refused(Chat, 42, No),
            new ChatProtocol.GetChat(Chat, Ada, true, 42),
            new ChatProtocol.ChatFound(42, View),
            new ChatProtocol.GetHistory(Chat, Ada, 300, 200, 50, 42),
            new ChatProtocol.HistoryPage(42, [Line], Rest, true) { VisibleFrom = 17 },
            new ChatProtocol.GetEvents(Chat, Ada, 200, 100, true, 42),
            new ChatProtocol.EventsPage(42, Chat, EventSamples, 412, Rest) { VisibleFrom = 17 },
            new ChatProtocol.GetSummary(Chat, Ada, 42),
            new ChatProtocol.SummaryFound(42, Summary, 12),
            new ChatProtocol.GetRun(Chat, Ada, Run, 42),
            new ChatProtocol.RunFound(42, Pending, AiRunStatus.Running, "Bob moved"),
            new ChatProtocol.SetTyping(Chat, Ada, true),
            new ChatProtocol.Wake(Chat),
            .. UserCommandSamples.Select(c => new UserProtocol.Execute(Ada, c, 42)),
            new UserProtocol.Executed(Ada, 42),
            new UserProtocol.Refused(Ada, 42, No),
            new UserProtocol.GetProfile(Ada, 42) { For = Bob },
            new UserProtocol.GetBlocks(Ada, 42),
            new UserProtocol.BlockList(42, [new UserEvents.UserBlocked(Bob, At)]),
            new UserProtocol.FindDirect(Ada, Bob, 42),
            new UserProtocol.Profile(
                Ada,
                42,
                "+4366412345678",
                "Ada",
                At,
                [new Device(Phone, "phone", Hash, [Hash], At.AddDays(-1), At)]
            )
            {
                Blocks = true,
            },
            new UserProtocol.Profile(Ada, 42, "+4366412345678", "Ada", null, []) { LastSeen = LastSeen.Nobody },
            new UserProtocol.Attach(Ada, session, Phone, 20, 42),
            new UserProtocol.Attached(42, "Ada"),
            new UserProtocol.SessionRevoked(Phone),
            new UserProtocol.ReserveRun(Ada, Chat, Run),
            new UserProtocol.SettleRun(Ada, Run, 812),
            new UserProtocol.CheckAiQuota(Ada, 42),
            .. NoticeSamples.Select(n => new UserProtocol.Deliver(Ada, new Delivery(n, Touch) { Trace = Trace })),
            new UserProtocol.OpenDirect(Ada, Bob, Bob, 42),
            new UserProtocol.DirectOpened(42, Chat),
            new UserProtocol.GetPresence(Ada, Bob, 42),
            new UserProtocol.GetPresence(Ada, Bob, 42) { WatcherShows = LastSeen.Contacts, WatcherKnows = true },
            new UserProtocol.BeginWatching(Ada, [Bob], 42),
            new UserProtocol.Watching(42, LastSeen.Contacts, [Bob]),
            new UserProtocol.Presence(42, Ada, true, At),
            new UserProtocol.StopWatching(Ada, Bob),
            new UserProtocol.GetTouched(Ada, 42),
            new UserProtocol.Touched(42, [Touch]),
            new PhoneProtocol.IssueCode("+4366412345678", "123456"),
            new PhoneProtocol.CodeIssued("+4366412345678", 300),
            new PhoneProtocol.CheckCode("+4366412345678", "123456"),
            new PhoneProtocol.CodeAccepted("+4366412345678", Ada),
            new PhoneProtocol.GetOwner("+4366412345678"),
            new PhoneProtocol.OwnerFound("+4366412345678", Ada),
            new PhoneProtocol.Refused("+4366412345678", No),
            new AiProtocol.OfferRun(Chat, Pending),
            new AiProtocol.CancelRun(Chat, Run),
            new AiProtocol.ForgetChat(Chat),
            new AiProtocol.RunRefused(Chat, Run, 500),
            new AiProtocol.RunGranted(Chat, Run),
            new AiProtocol.RunDenied(Chat, Run, No),
            new AiProtocol.GetContext(Chat, Run, 50),
            new AiProtocol.Context(Chat, Pending, true, [Line], 300, Summary, 2, 3, 412),
            new AiProtocol.Gone(Run),
            new AiProtocol.RunStarted(Chat, Run),
            new AiProtocol.RunProgressed(Chat, Run, 12, " moved"),
            new AiProtocol.Locate(Run),
            new AiProtocol.Located(Run, Chat),
            new AiProtocol.Located(Run, Chat) { Place = 3 },
            new AiQueueProtocol.ReadyForWork(638_000_000),
            new AiQueueProtocol.AssignRun(Chat, Pending, 638_000_000),
            new AiQueueProtocol.RunHeartbeat(Chat, Pending),
            new AiQueueProtocol.RunEnded(Run),
            new AiQueueProtocol.StopRun(Run),
            AiQueueProtocol.GetQueue.Instance,
            new AiQueueProtocol.QueueState(1, 2, 3, 4, 5),
            AiSwitchProtocol.Follow.Instance,
            AiSwitchProtocol.Get.Instance,
            new AiSwitchProtocol.Switch(true),
            new AiSwitchProtocol.State(true, At),
            OperatorProtocol.GetNodeStats.Instance,
            new OperatorProtocol.NodeStats(
                "1.2.3",
                At,
                "no shard answers",
                true,
                5,
                4,
                [new OperatorProtocol.EntityCount("chats", 64, 1_000)],
                "llama",
                12_345,
                200_000_000,
                50_000_000,
                12.5
            ),
            new OperatorProtocol.SetDrain(true),
            new OperatorProtocol.DrainSet(true, 5),
            OperatorProtocol.Sweep.Instance,
            new OperatorProtocol.Swept(3, 2),
            OperatorProtocol.GetWorkers.Instance,
            new OperatorProtocol.Workers([new OperatorProtocol.WorkerCount("akka.tcp://chatai@10.0.0.1:4053", 1, 2)]),
            .. NoticeSamples.Select(n => new Delivery(n, Touch) { Trace = Trace }),
        ];

    private static Guid Id(int n) => new($"019512ab-cdef-7000-8000-{n:x12}");
}
