using System.Runtime.Serialization;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>
/// Ids, times and enums on the wire: UUIDs as 16 bytes big-endian, times as Unix milliseconds UTC. A value that no
/// writer can have written ends in a <see cref="SerializationException"/>: reading on would invent history.
/// </summary>
internal static class WireValues
{
    private const int UuidBytes = 16;

    public static ByteString ToWire(this Guid id) => UnsafeByteOperations.UnsafeWrap(id.ToByteArray(bigEndian: true));

    public static ByteString ToWire(this ChatId id) => id.Value.ToWire();

    public static ByteString ToWire(this UserId id) => id.Value.ToWire();

    public static ByteString ToWire(this MessageId id) => id.Value.ToWire();

    public static ByteString ToWire(this ClientMessageId id) => id.Value.ToWire();

    public static ByteString ToWire(this RunId id) => id.Value.ToWire();

    public static ByteString ToWire(this AttachmentId id) => id.Value.ToWire();

    public static ByteString ToWire(this DeviceId id) => id.Value.ToWire();

    public static ChatId ToChatId(this ByteString bytes) => new(bytes.ToGuid());

    public static UserId ToUserId(this ByteString bytes) => new(bytes.ToGuid());

    public static MessageId ToMessageId(this ByteString bytes) => new(bytes.ToGuid());

    public static ClientMessageId ToClientMessageId(this ByteString bytes) => new(bytes.ToGuid());

    public static RunId ToRunId(this ByteString bytes) => new(bytes.ToGuid());

    public static AttachmentId ToAttachmentId(this ByteString bytes) => new(bytes.ToGuid());

    public static DeviceId ToDeviceId(this ByteString bytes) => new(bytes.ToGuid());

    private static Guid ToGuid(this ByteString bytes) =>
        bytes.Length == UuidBytes
            ? new Guid(bytes.Span, bigEndian: true)
            : throw new SerializationException($"A UUID has {UuidBytes} bytes, not {bytes.Length}.");

    public static long ToWire(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(this long milliseconds) =>
        milliseconds is >= EventTime.MinMilliseconds and <= EventTime.MaxMilliseconds
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new SerializationException($"{milliseconds} ms is not a time.");

    public static IReadOnlyList<long> ToList(this RepeatedField<long> values) => values.Count == 0 ? [] : [.. values];

    public static Stored.ChatType ToWire(this ChatType type) => (Stored.ChatType)type;

    public static ChatType ToDomain(this Stored.ChatType type) =>
        type is Stored.ChatType.OneToOne or Stored.ChatType.Group
            ? (ChatType)type
            : throw Unknown(nameof(ChatType), (int)type);

    public static Stored.MemberRole ToWire(this MemberRole role) => (Stored.MemberRole)role;

    public static MemberRole ToDomain(this Stored.MemberRole role) =>
        role is Stored.MemberRole.Member or Stored.MemberRole.Admin or Stored.MemberRole.Owner
            ? (MemberRole)role
            : throw Unknown(nameof(MemberRole), (int)role);

    public static Stored.AiRunKind ToWire(this AiRunKind kind) => (Stored.AiRunKind)kind;

    public static AiRunKind ToDomain(this Stored.AiRunKind kind) =>
        kind
            is Stored.AiRunKind.Reply
                or Stored.AiRunKind.Summarize
                or Stored.AiRunKind.CatchUp
                or Stored.AiRunKind.Rolling
            ? (AiRunKind)kind
            : throw Unknown(nameof(AiRunKind), (int)kind);

    public static Stored.AiSummon ToWire(this AiSummon summon) => (Stored.AiSummon)summon;

    public static AiSummon ToDomain(this Stored.AiSummon summon) =>
        summon is Stored.AiSummon.Everyone or Stored.AiSummon.Admins
            ? (AiSummon)summon
            : throw Unknown(nameof(AiSummon), (int)summon);

    public static Stored.LastSeen ToWire(this LastSeen choice) => (Stored.LastSeen)choice;

    public static LastSeen ToDomain(this Stored.LastSeen choice) =>
        choice is Stored.LastSeen.Everyone or Stored.LastSeen.Contacts or Stored.LastSeen.Nobody
            ? (LastSeen)choice
            : throw Unknown(nameof(LastSeen), (int)choice);

    private static SerializationException Unknown(string name, int value) => new($"There is no {name} {value}.");
}
