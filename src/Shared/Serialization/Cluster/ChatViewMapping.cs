using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using Types = ChatAi.Shared.Proto.Cluster.V1.ChatView.Types;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

internal static class ChatViewMapping
{
    public static Wire.ChatView ToWire(ChatView v)
    {
        var wire = new Wire.ChatView
        {
            Id = v.Id.ToWire(),
            Type = v.Type.ToWire(),
            LastMessageAt = v.LastMessageAt.ToWire(),
            Head = v.Head,
            Recv = v.Recv,
            Read = v.Read,
            Unread = v.Unread,
            Muted = v.Muted,
            Archived = v.Archived,
            Pinned = v.Pinned,
            AiEnabled = v.AiEnabled,
            Version = v.Version,
            AiSummon = v.AiSummon.ToWire(),
            AiUnasked = v.AiUnasked,
        };
        if (v.Title is not null)
            wire.Title = v.Title;
        if (v.LastMessagePreview is not null)
            wire.LastMessagePreview = v.LastMessagePreview;
        if (v.Peer is { } peer)
            wire.Peer = peer.ToWire();
        if (v.Members is not null)
        {
            wire.Members = new Types.Members();
            foreach (var m in v.Members)
                wire.Members.All.Add(
                    new Types.Member
                    {
                        User = m.User.ToWire(),
                        Role = m.Role.ToWire(),
                        Recv = m.Recv,
                        Read = m.Read,
                    }
                );
        }
        return wire;
    }

    public static ChatView ToDomain(Wire.ChatView wire) =>
        new(
            wire.Id.ToChatId(),
            wire.Type.ToDomain(),
            wire.HasTitle ? wire.Title : null,
            wire.LastMessageAt.ToTime(),
            wire.HasLastMessagePreview ? wire.LastMessagePreview : null,
            wire.Head,
            wire.Recv,
            wire.Read,
            wire.Unread,
            wire.Muted,
            wire.Archived,
            wire.Pinned,
            wire.AiEnabled,
            wire.HasPeer ? wire.Peer.ToUserId() : null,
            wire.Version,
            wire.Members is null ? null : [.. wire.Members.All.Select(ToDomain)],
            wire.AiSummon.ToDomain(),
            wire.AiUnasked
        );

    private static MemberView ToDomain(Types.Member wire) =>
        new(wire.User.ToUserId(), wire.Role.ToDomain(), wire.Recv, wire.Read);
}
