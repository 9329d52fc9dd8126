using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Domain.Chats.ChatEvents;
using Kind = ChatAi.Shared.Proto.Cluster.V1.NumberedEvent.EventOneofCase;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary>Durable events between nodes: the journal's messages in an envelope that says which one it is.</summary>
internal static class NumberedEventMapping
{
    public static Wire.NumberedEvent ToWire(INumberedChatEvent numbered) =>
        numbered switch
        {
            ChatCreated e => new() { Created = ChatMemberMapping.ToWire(e) },
            MessageSent e => new() { Sent = ChatMessageMapping.ToWire(e) },
            MessageEdited e => new() { Edited = ChatMessageMapping.ToWire(e) },
            MessageDeleted e => new() { Deleted = ChatMessageMapping.ToWire(e) },
            MessageReacted e => new() { Reacted = ChatMessageMapping.ToWire(e) },
            MemberAdded e => new() { MemberAdded = ChatMemberMapping.ToWire(e) },
            MemberRemoved e => new() { MemberRemoved = ChatMemberMapping.ToWire(e) },
            MemberRoleChanged e => new() { RoleChanged = ChatMemberMapping.ToWire(e) },
            ChatUpdated e => new() { Updated = ChatMemberMapping.ToWire(e) },
            AiPolicyChanged e => new() { PolicyChanged = ChatMemberMapping.ToWire(e) },
            _ => throw ClusterValues.Unknown($"event {numbered.GetType().Name}"),
        };

    public static INumberedChatEvent ToDomain(Wire.NumberedEvent wire) =>
        wire.EventCase switch
        {
            Kind.Created => ChatMemberMapping.ToDomain(wire.Created),
            Kind.Sent => ChatMessageMapping.ToDomain(wire.Sent),
            Kind.Edited => ChatMessageMapping.ToDomain(wire.Edited),
            Kind.Deleted => ChatMessageMapping.ToDomain(wire.Deleted),
            Kind.Reacted => ChatMessageMapping.ToDomain(wire.Reacted),
            Kind.MemberAdded => ChatMemberMapping.ToDomain(wire.MemberAdded),
            Kind.MemberRemoved => ChatMemberMapping.ToDomain(wire.MemberRemoved),
            Kind.RoleChanged => ChatMemberMapping.ToDomain(wire.RoleChanged),
            Kind.Updated => ChatMemberMapping.ToDomain(wire.Updated),
            Kind.PolicyChanged => ChatMemberMapping.ToDomain(wire.PolicyChanged),
            _ => throw ClusterValues.Unknown("event of a chat"),
        };
}
