using ChatAi.Shared.Domain.Phones;
using ChatAi.Shared.Domain.Users;
using Stored = ChatAi.Shared.Proto.Journal.V1;

namespace ChatAi.Shared.Serialization.Mapping;

/// <summary>Accounts: users, devices, phone numbers.</summary>
internal static class UserMapping
{
    public static Stored.UserRegistered ToWire(UserEvents.UserRegistered e) =>
        new()
        {
            PhoneNumber = e.PhoneNumber,
            DisplayName = e.DisplayName,
            At = e.At.ToWire(),
        };

    public static UserEvents.UserRegistered ToDomain(Stored.UserRegistered wire) =>
        new(wire.PhoneNumber, wire.DisplayName, wire.At.ToTime());

    public static Stored.ProfileChanged ToWire(UserEvents.ProfileChanged e) =>
        new() { DisplayName = e.DisplayName, At = e.At.ToWire() };

    public static UserEvents.ProfileChanged ToDomain(Stored.ProfileChanged wire) =>
        new(wire.DisplayName, wire.At.ToTime());

    public static Stored.DeviceAdded ToWire(UserEvents.DeviceAdded e) =>
        new()
        {
            Device = e.Device.ToWire(),
            Name = e.Name,
            RefreshHash = e.RefreshHash,
            At = e.At.ToWire(),
        };

    public static UserEvents.DeviceAdded ToDomain(Stored.DeviceAdded wire) =>
        new(wire.Device.ToDeviceId(), wire.Name, wire.RefreshHash, wire.At.ToTime());

    public static Stored.RefreshRotated ToWire(UserEvents.RefreshRotated e) =>
        new()
        {
            Device = e.Device.ToWire(),
            RefreshHash = e.RefreshHash,
            At = e.At.ToWire(),
        };

    public static UserEvents.RefreshRotated ToDomain(Stored.RefreshRotated wire) =>
        new(wire.Device.ToDeviceId(), wire.RefreshHash, wire.At.ToTime());

    public static Stored.DeviceRevoked ToWire(UserEvents.DeviceRevoked e) =>
        new()
        {
            Device = e.Device.ToWire(),
            Reason = e.Reason,
            At = e.At.ToWire(),
        };

    public static UserEvents.DeviceRevoked ToDomain(Stored.DeviceRevoked wire) =>
        new(wire.Device.ToDeviceId(), wire.Reason, wire.At.ToTime());

    public static Stored.DirectChatOpened ToWire(UserEvents.DirectChatOpened e) =>
        new()
        {
            Peer = e.Peer.ToWire(),
            Chat = e.Chat.ToWire(),
            At = e.At.ToWire(),
        };

    public static UserEvents.DirectChatOpened ToDomain(Stored.DirectChatOpened wire) =>
        new(wire.Peer.ToUserId(), wire.Chat.ToChatId(), wire.At.ToTime());

    public static Stored.UserBlocked ToWire(UserEvents.UserBlocked e) =>
        new() { User = e.User.ToWire(), At = e.At.ToWire() };

    public static UserEvents.UserBlocked ToDomain(Stored.UserBlocked wire) =>
        new(wire.User.ToUserId(), wire.At.ToTime());

    public static Stored.UserUnblocked ToWire(UserEvents.UserUnblocked e) =>
        new() { User = e.User.ToWire(), At = e.At.ToWire() };

    public static UserEvents.UserUnblocked ToDomain(Stored.UserUnblocked wire) =>
        new(wire.User.ToUserId(), wire.At.ToTime());

    public static Stored.PrivacyChanged ToWire(UserEvents.PrivacyChanged e) =>
        new() { LastSeen = e.LastSeen.ToWire(), At = e.At.ToWire() };

    public static UserEvents.PrivacyChanged ToDomain(Stored.PrivacyChanged wire) =>
        new(wire.LastSeen.ToDomain(), wire.At.ToTime());

    public static Stored.WentOffline ToWire(UserEvents.WentOffline e) => new() { At = e.At.ToWire() };

    public static UserEvents.WentOffline ToDomain(Stored.WentOffline wire) => new(wire.At.ToTime());

    public static Stored.PhoneClaimed ToWire(PhoneEvents.PhoneClaimed e) =>
        new() { User = e.User.ToWire(), At = e.At.ToWire() };

    public static PhoneEvents.PhoneClaimed ToDomain(Stored.PhoneClaimed wire) =>
        new(wire.User.ToUserId(), wire.At.ToTime());
}
