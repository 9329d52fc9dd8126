using ChatAi.Shared.Domain.Chats;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>The chat itself, its members and their settings.</summary>
internal static class ChatMemberMapping
{
    public static Stored.ChatCreated ToWire(ChatEvents.ChatCreated e)
    {
        var wire = new Stored.ChatCreated
        {
            Seq = e.Seq,
            Type = e.Type.ToWire(),
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };
        if (e.Title is not null)
            wire.Title = e.Title;
        foreach (var member in e.Members)
            wire.Members.Add(
                new Stored.ChatCreated.Types.NewMember { User = member.User.ToWire(), Role = member.Role.ToWire() }
            );
        return wire;
    }

    public static ChatEvents.ChatCreated ToDomain(Stored.ChatCreated wire)
    {
        var members = new NewMember[wire.Members.Count];
        for (var i = 0; i < members.Length; i++)
            members[i] = new NewMember(wire.Members[i].User.ToUserId(), wire.Members[i].Role.ToDomain());
        return new ChatEvents.ChatCreated(
            wire.Seq,
            wire.Type.ToDomain(),
            wire.HasTitle ? wire.Title : null,
            wire.By.ToUserId(),
            members,
            wire.At.ToTime()
        );
    }

    public static Stored.ChatUpdated ToWire(ChatEvents.ChatUpdated e)
    {
        var wire = new Stored.ChatUpdated
        {
            Seq = e.Seq,
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };
        if (e.Title is not null)
            wire.Title = e.Title;
        return wire;
    }

    public static ChatEvents.ChatUpdated ToDomain(Stored.ChatUpdated wire) =>
        new(wire.Seq, wire.HasTitle ? wire.Title : null, wire.By.ToUserId(), wire.At.ToTime());

    public static Stored.AiPolicyChanged ToWire(ChatEvents.AiPolicyChanged e) =>
        new()
        {
            Seq = e.Seq,
            Enabled = e.Enabled,
            By = e.By.ToWire(),
            At = e.At.ToWire(),
            Summon = e.Summon.ToWire(),
            Unasked = e.Unasked,
        };

    public static ChatEvents.AiPolicyChanged ToDomain(Stored.AiPolicyChanged wire) =>
        new(wire.Seq, wire.Enabled, wire.By.ToUserId(), wire.At.ToTime(), wire.Summon.ToDomain(), wire.Unasked);

    public static Stored.MemberAdded ToWire(ChatEvents.MemberAdded e) =>
        new()
        {
            Seq = e.Seq,
            User = e.User.ToWire(),
            Role = e.Role.ToWire(),
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };

    public static ChatEvents.MemberAdded ToDomain(Stored.MemberAdded wire) =>
        new(wire.Seq, wire.User.ToUserId(), wire.Role.ToDomain(), wire.By.ToUserId(), wire.At.ToTime());

    public static Stored.MemberRemoved ToWire(ChatEvents.MemberRemoved e) =>
        new()
        {
            Seq = e.Seq,
            User = e.User.ToWire(),
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };

    public static ChatEvents.MemberRemoved ToDomain(Stored.MemberRemoved wire) =>
        new(wire.Seq, wire.User.ToUserId(), wire.By.ToUserId(), wire.At.ToTime());

    public static Stored.MemberRoleChanged ToWire(ChatEvents.MemberRoleChanged e) =>
        new()
        {
            Seq = e.Seq,
            User = e.User.ToWire(),
            Role = e.Role.ToWire(),
            By = e.By.ToWire(),
            At = e.At.ToWire(),
        };

    public static ChatEvents.MemberRoleChanged ToDomain(Stored.MemberRoleChanged wire) =>
        new(wire.Seq, wire.User.ToUserId(), wire.Role.ToDomain(), wire.By.ToUserId(), wire.At.ToTime());

    public static Stored.MemberSettingsChanged ToWire(ChatEvents.MemberSettingsChanged e) =>
        new()
        {
            User = e.User.ToWire(),
            Muted = e.Muted,
            Archived = e.Archived,
            Pinned = e.Pinned,
            At = e.At.ToWire(),
        };

    public static ChatEvents.MemberSettingsChanged ToDomain(Stored.MemberSettingsChanged wire) =>
        new(wire.User.ToUserId(), wire.Muted, wire.Archived, wire.Pinned, wire.At.ToTime());

    public static Stored.BlockChanged ToWire(ChatEvents.BlockChanged e) =>
        new()
        {
            By = e.By.ToWire(),
            Blocks = e.Blocks,
            At = e.At.ToWire(),
        };

    public static ChatEvents.BlockChanged ToDomain(Stored.BlockChanged wire) =>
        new(wire.By.ToUserId(), wire.Blocks, wire.At.ToTime());
}
