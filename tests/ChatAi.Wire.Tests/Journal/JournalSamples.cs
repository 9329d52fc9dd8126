using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Operators;
using ChatAi.Shared.Domain.Phones;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.Wire.Tests.Journal;

/// <summary>One value of every type, with every field set: what the golden files hold. Never changes; only grows.</summary>
internal static class JournalSamples
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero);
    private static readonly UserId Ada = new(Id(1));
    private static readonly UserId Bob = new(Id(2));
    private static readonly RunId Run = new(Id(3));
    private static readonly MessageId Message = new(Id(4));
    private static readonly ClientMessageId Cid = new(Id(5));
    private static readonly ChatId Chat = new(Id(6));
    private static readonly DeviceId Phone = new(Id(7));
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string OldHash = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";

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
    );

    public static readonly Attachment File = new(
        new AttachmentId(Message.Value),
        string.Concat(Enumerable.Repeat("0f", 32)),
        "a1b2c3d4e5",
        4_711,
        "image/png",
        "Grüße aus Graz.png",
        640,
        480
    );

    public static readonly IReadOnlyList<object> All =
    [
        new ChatEvents.ChatCreated(
            1,
            ChatType.Group,
            "Wien 🎡",
            Ada,
            [new NewMember(Ada, MemberRole.Owner), new NewMember(Bob, MemberRole.Member)],
            At
        ),
        new ChatEvents.MessageSent(401, Message, Ada, true, "grüß dich 👋🏽 @AI", Cid, 399, Run, [3, 17, 400], At),
        new ChatEvents.MessageEdited(402, 401, Ada, "hello", At),
        new ChatEvents.MessageDeleted(403, 401, Bob, Ada, At),
        new ChatEvents.MessageReacted(404, 401, Bob, "👍", At),
        new ChatEvents.MemberAdded(405, Bob, MemberRole.Member, Ada, At),
        new ChatEvents.MemberRemoved(406, Bob, Ada, At),
        new ChatEvents.MemberRoleChanged(407, Bob, MemberRole.Admin, Ada, At),
        new ChatEvents.ChatUpdated(408, "Graz", Ada, At),
        new ChatEvents.AiPolicyChanged(409, true, Ada, At),
        new ChatEvents.ReceiptsAdvanced([new ReceiptMark(Ada, 400, 390, 7), new ReceiptMark(Bob, 401, 401, 0)], At),
        new ChatEvents.MemberSettingsChanged(Ada, true, true, true, At),
        new ChatEvents.BlockChanged(Ada, true, At),
        new ChatEvents.AiRunRequested(Run, AiRunKind.CatchUp, "what did I miss?", Ada, true, 401, 17, At),
        new ChatEvents.AiRunCompleted(Run, "Bob moved the meeting [#400]", [400], Provenance, At),
        new ChatEvents.AiRunFailed(Run, ErrorCode.AiBusy, "The queue is full.", At),
        new ChatEvents.AiRunCancelled(Run, Bob, At),
        new ChatEvents.SummaryBlockMade(
            Run,
            new SummaryBlock(1, 385, 300, Hash, "Ada: They plan a trip. [#400]", [400]),
            "none",
            "blocks.v1",
            7,
            At
        ),
        new ChatEvents.SummaryUpdated(Run, "They plan a trip.", 1, 400, Message, Hash, [17, 400], Provenance, At),
        new ChatSnapshot(
            ChatType.Group,
            "Wien 🎡",
            true,
            At,
            409,
            300,
            At,
            "hello",
            401,
            3,
            new RollingSummary("They plan a trip.", 1, 400, Message, Hash, [17, 400], Provenance, At),
            2,
            12,
            [
                new Member(Ada, MemberRole.Owner, 1, 400, 390, 7, true, true, true),
                new Member(Bob, MemberRole.Member, 405, 405, 405, 0, false, false, false),
            ],
            [new FormerMember(UserId.Assistant, 2, 300)],
            [new PendingRun(Run, AiRunKind.Reply, "why?", Ada, true, 401, 17, At)],
            [
                new ChatMessage(
                    401,
                    Message,
                    Ada,
                    true,
                    "hello",
                    Cid,
                    At,
                    399,
                    At,
                    true,
                    new Dictionary<UserId, string> { [Bob] = "👍" },
                    Run,
                    [3, 17]
                ),
            ],
            [0, 2, 0, 0, 0]
        ),
        new UserEvents.UserRegistered("+4366412345678", "Ada", At),
        new UserEvents.ProfileChanged("Ada L.", At),
        new UserEvents.DeviceAdded(Phone, "phone", Hash, At),
        new UserEvents.RefreshRotated(Phone, Hash, At),
        new UserEvents.DeviceRevoked(Phone, "refresh token reused", At),
        new UserEvents.DirectChatOpened(Bob, Chat, At),
        new UserEvents.UserBlocked(Bob, At),
        new UserEvents.UserUnblocked(Bob, At),
        new UserEvents.PrivacyChanged(LastSeen.Contacts, At),
        new UserEvents.WentOffline(At),
        new UserEvents.AiReserved(Run, Chat, 4_096, At),
        new UserEvents.AiSettled(Run, 812, At),
        new OperatorEvents.AiSwitched(true, At),
        new UserSnapshot(
            "+4366412345678",
            "Ada",
            At,
            [new Device(Phone, "phone", Hash, [OldHash], At.AddDays(-1), At)],
            [new UserEvents.DirectChatOpened(Bob, Chat, default)]
        ),
        new PhoneEvents.PhoneClaimed(Ada, At),
    ];

    private static Guid Id(int n) => new($"019512ab-cdef-7000-8000-{n:x12}");
}
