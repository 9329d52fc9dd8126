using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Operators;
using ChatAi.Shared.Domain.Phones;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Serialization.Mapping;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization;

/// <summary>
/// The manifests of the journal. The rules of change are in docs/journal.md: fields are only added, a new meaning is a
/// new manifest, and the old one moves to <see cref="Upcasters"/>.
/// </summary>
public static class JournalTypes
{
    public static readonly IReadOnlyList<JournalType> All =
    [
        JournalType.Of<ChatEvents.ChatCreated, Stored.ChatCreated>(
            "chat.created.v1",
            Stored.ChatCreated.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.ChatUpdated, Stored.ChatUpdated>(
            "chat.updated.v1",
            Stored.ChatUpdated.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.AiPolicyChanged, Stored.AiPolicyChanged>(
            "chat.ai-policy-changed.v1",
            Stored.AiPolicyChanged.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MemberAdded, Stored.MemberAdded>(
            "chat.member-added.v1",
            Stored.MemberAdded.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MemberRemoved, Stored.MemberRemoved>(
            "chat.member-removed.v1",
            Stored.MemberRemoved.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MemberRoleChanged, Stored.MemberRoleChanged>(
            "chat.member-role-changed.v1",
            Stored.MemberRoleChanged.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MemberSettingsChanged, Stored.MemberSettingsChanged>(
            "chat.member-settings-changed.v1",
            Stored.MemberSettingsChanged.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.BlockChanged, Stored.BlockChanged>(
            "chat.block-changed.v1",
            Stored.BlockChanged.Parser,
            ChatMemberMapping.ToWire,
            ChatMemberMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MessageSent, Stored.MessageSent>(
            "chat.message-sent.v1",
            Stored.MessageSent.Parser,
            ChatMessageMapping.ToWire,
            ChatMessageMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MessageEdited, Stored.MessageEdited>(
            "chat.message-edited.v1",
            Stored.MessageEdited.Parser,
            ChatMessageMapping.ToWire,
            ChatMessageMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MessageDeleted, Stored.MessageDeleted>(
            "chat.message-deleted.v1",
            Stored.MessageDeleted.Parser,
            ChatMessageMapping.ToWire,
            ChatMessageMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.MessageReacted, Stored.MessageReacted>(
            "chat.message-reacted.v1",
            Stored.MessageReacted.Parser,
            ChatMessageMapping.ToWire,
            ChatMessageMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.ReceiptsAdvanced, Stored.ReceiptsAdvanced>(
            "chat.receipts-advanced.v1",
            Stored.ReceiptsAdvanced.Parser,
            ChatMessageMapping.ToWire,
            ChatMessageMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.AiRunRequested, Stored.AiRunRequested>(
            "chat.ai-run-requested.v1",
            Stored.AiRunRequested.Parser,
            AiRunMapping.ToWire,
            AiRunMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.AiRunCompleted, Stored.AiRunCompleted>(
            "chat.ai-run-completed.v1",
            Stored.AiRunCompleted.Parser,
            AiRunMapping.ToWire,
            AiRunMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.AiRunFailed, Stored.AiRunFailed>(
            "chat.ai-run-failed.v1",
            Stored.AiRunFailed.Parser,
            AiRunMapping.ToWire,
            AiRunMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.AiRunCancelled, Stored.AiRunCancelled>(
            "chat.ai-run-cancelled.v1",
            Stored.AiRunCancelled.Parser,
            AiRunMapping.ToWire,
            AiRunMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.SummaryUpdated, Stored.SummaryUpdated>(
            "chat.summary-updated.v1",
            Stored.SummaryUpdated.Parser,
            AiRunMapping.ToWire,
            AiRunMapping.ToDomain
        ),
        JournalType.Of<ChatEvents.SummaryBlockMade, Stored.SummaryBlockMade>(
            "chat.summary-block-made.v1",
            Stored.SummaryBlockMade.Parser,
            AiRunMapping.ToWire,
            AiRunMapping.ToDomain
        ),
        JournalType.Of<ChatSnapshot, Stored.ChatSnapshot>(
            "chat.snapshot.v1",
            Stored.ChatSnapshot.Parser,
            ChatSnapshotMapping.ToWire,
            ChatSnapshotMapping.ToDomain
        ),
        JournalType.Of<UserEvents.UserRegistered, Stored.UserRegistered>(
            "user.registered.v1",
            Stored.UserRegistered.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.ProfileChanged, Stored.ProfileChanged>(
            "user.profile-changed.v1",
            Stored.ProfileChanged.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.DeviceAdded, Stored.DeviceAdded>(
            "user.device-added.v1",
            Stored.DeviceAdded.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.RefreshRotated, Stored.RefreshRotated>(
            "user.refresh-rotated.v1",
            Stored.RefreshRotated.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.DeviceRevoked, Stored.DeviceRevoked>(
            "user.device-revoked.v1",
            Stored.DeviceRevoked.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.DirectChatOpened, Stored.DirectChatOpened>(
            "user.direct-chat-opened.v1",
            Stored.DirectChatOpened.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.UserBlocked, Stored.UserBlocked>(
            "user.blocked.v1",
            Stored.UserBlocked.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.UserUnblocked, Stored.UserUnblocked>(
            "user.unblocked.v1",
            Stored.UserUnblocked.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.PrivacyChanged, Stored.PrivacyChanged>(
            "user.privacy-changed.v1",
            Stored.PrivacyChanged.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.WentOffline, Stored.WentOffline>(
            "user.went-offline.v1",
            Stored.WentOffline.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
        JournalType.Of<UserEvents.AiReserved, Stored.AiReserved>(
            "user.ai-reserved.v1",
            Stored.AiReserved.Parser,
            UserAiMapping.ToWire,
            UserAiMapping.ToDomain
        ),
        JournalType.Of<UserEvents.AiSettled, Stored.AiSettled>(
            "user.ai-settled.v1",
            Stored.AiSettled.Parser,
            UserAiMapping.ToWire,
            UserAiMapping.ToDomain
        ),
        JournalType.Of<OperatorEvents.AiSwitched, Stored.AiSwitched>(
            "operators.ai-switched.v1",
            Stored.AiSwitched.Parser,
            OperatorMapping.ToWire,
            OperatorMapping.ToDomain
        ),
        JournalType.Of<UserSnapshot, Stored.UserSnapshot>(
            "user.snapshot.v1",
            Stored.UserSnapshot.Parser,
            UserSnapshotMapping.ToWire,
            UserSnapshotMapping.ToDomain
        ),
        JournalType.Of<PhoneEvents.PhoneClaimed, Stored.PhoneClaimed>(
            "phone.claimed.v1",
            Stored.PhoneClaimed.Parser,
            UserMapping.ToWire,
            UserMapping.ToDomain
        ),
    ];

    /// <summary>Manifests that nothing writes any longer. None yet.</summary>
    public static readonly IReadOnlyList<JournalUpcaster> Upcasters = [];
}
