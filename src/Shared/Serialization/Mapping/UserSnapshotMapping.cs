using ChatAi.Shared.Domain.Users;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

internal static class UserSnapshotMapping
{
    public static Stored.UserSnapshot ToWire(UserSnapshot s)
    {
        var wire = new Stored.UserSnapshot { DisplayName = s.DisplayName, LastSeen = s.LastSeen.ToWire() };
        if (s.PhoneNumber is not null)
            wire.PhoneNumber = s.PhoneNumber;
        if (s.LastActiveAt is { } active)
            wire.LastActiveAt = active.ToWire();
        foreach (var device in s.Devices)
            wire.Devices.Add(ToWire(device));
        foreach (var direct in s.DirectChats)
            wire.DirectChats.Add(
                new Stored.UserSnapshot.Types.DirectChat { Peer = direct.Peer.ToWire(), Chat = direct.Chat.ToWire() }
            );
        wire.Blocked.AddRange(
            s.Blocked.Select(b => new Stored.UserSnapshot.Types.Blocked { User = b.User.ToWire(), At = b.At.ToWire() })
        );
        wire.Ai.AddRange(s.Ai.Runs.Select(UserAiMapping.ToWire));
        return wire;
    }

    public static UserSnapshot ToDomain(Stored.UserSnapshot wire) =>
        new(
            wire.HasPhoneNumber ? wire.PhoneNumber : null,
            wire.DisplayName,
            wire.HasLastActiveAt ? wire.LastActiveAt.ToTime() : null,
            [.. wire.Devices.Select(ToDomain)],
            [
                .. wire.DirectChats.Select(direct => new UserEvents.DirectChatOpened(
                    direct.Peer.ToUserId(),
                    direct.Chat.ToChatId(),
                    default
                )),
            ]
        )
        {
            LastSeen = wire.LastSeen.ToDomain(),
            Ai = new AiUsage { Runs = [.. wire.Ai.Select(UserAiMapping.ToDomain)] },
            Blocked = [.. wire.Blocked.Select(b => new UserEvents.UserBlocked(b.User.ToUserId(), b.At.ToTime()))],
        };

    public static Stored.UserSnapshot.Types.Device ToWire(Device device)
    {
        var wire = new Stored.UserSnapshot.Types.Device
        {
            Id = device.Id.ToWire(),
            Name = device.Name,
            RefreshHash = device.RefreshHash,
            CreatedAt = device.CreatedAt.ToWire(),
            LastSeenAt = device.LastSeenAt.ToWire(),
        };
        wire.UsedHashes.AddRange(device.UsedHashes);
        return wire;
    }

    public static Device ToDomain(Stored.UserSnapshot.Types.Device wire) =>
        new(
            wire.Id.ToDeviceId(),
            wire.Name,
            wire.RefreshHash,
            [.. wire.UsedHashes],
            wire.CreatedAt.ToTime(),
            wire.LastSeenAt.ToTime()
        );
}
