using static ChatAi.Shared.Domain.Users.UserEvents;

namespace ChatAi.Shared.Domain.Users;

/// <param name="RefreshHash">SHA-256 (hex) of the refresh secret that works now.</param>
/// <param name="UsedHashes">Those that worked before, newest last; showing one again revokes the device.</param>
/// <param name="LastSeenAt">When the device signed in or last refreshed.</param>
public sealed record Device(
    DeviceId Id,
    string Name,
    string RefreshHash,
    IReadOnlyList<string> UsedHashes,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastSeenAt
)
{
    /// <summary>How many used secrets are remembered; older ones are refused without a revocation.</summary>
    public const int RememberedHashes = 16;
}

/// <summary>A user's state, folded from its events.</summary>
public sealed class UserState
{
    private readonly Dictionary<DeviceId, Device> _devices = [];
    private readonly Dictionary<UserId, ChatId> _direct = [];
    private readonly Dictionary<UserId, DateTimeOffset> _blocked = [];

    public string? PhoneNumber { get; private set; }
    public string DisplayName { get; private set; } = "";
    public bool Exists => PhoneNumber is not null;
    public DateTimeOffset? LastActiveAt { get; private set; }
    public AiUsage Ai { get; private set; } = AiUsage.None;

    /// <summary>Who may see whether the person is there.</summary>
    public LastSeen LastSeen { get; private set; }

    public IReadOnlyDictionary<DeviceId, Device> Devices => _devices;
    public IReadOnlyDictionary<UserId, ChatId> DirectChats => _direct;

    /// <summary>Whom the person blocked, and since when.</summary>
    public IReadOnlyDictionary<UserId, DateTimeOffset> Blocked => _blocked;

    public void Apply(IUserEvent e)
    {
        switch (e)
        {
            case UserRegistered registered:
                PhoneNumber = registered.PhoneNumber;
                DisplayName = registered.DisplayName;
                LastActiveAt = registered.At;
                break;
            case ProfileChanged changed:
                DisplayName = changed.DisplayName;
                break;
            case DeviceAdded d:
                _devices[d.Device] = new Device(d.Device, d.Name, d.RefreshHash, [], d.At, d.At);
                LastActiveAt = d.At;
                break;
            case RefreshRotated rotated when _devices.TryGetValue(rotated.Device, out var device):
                _devices[device.Id] = device with
                {
                    RefreshHash = rotated.RefreshHash,
                    UsedHashes = [.. device.UsedHashes.Append(device.RefreshHash).TakeLast(Device.RememberedHashes)],
                    LastSeenAt = rotated.At,
                };
                break;
            case RefreshRotated:
                break;
            case DeviceRevoked revoked:
                _devices.Remove(revoked.Device);
                break;
            case DirectChatOpened opened:
                _direct[opened.Peer] = opened.Chat;
                break;
            case AiReserved reserved:
                Ai = Ai.Reserve(new AiReservation(reserved.Run, reserved.At, reserved.Tokens));
                break;
            case AiSettled settled:
                Ai = Ai.Settle(settled.Run, settled.Tokens);
                break;
            case UserBlocked blocked:
                _blocked[blocked.User] = blocked.At;
                break;
            case UserUnblocked unblocked:
                _blocked.Remove(unblocked.User);
                break;
            case PrivacyChanged privacy:
                LastSeen = privacy.LastSeen;
                break;
            case WentOffline offline:
                LastActiveAt = offline.At;
                break;
            default:
                throw new InvalidOperationException($"A user does not know the event {e.GetType().Name}.");
        }
    }

    public UserSnapshot ToSnapshot() =>
        new(
            PhoneNumber,
            DisplayName,
            LastActiveAt,
            [.. _devices.Values],
            [.. _direct.Select(d => new DirectChatOpened(d.Key, d.Value, default))]
        )
        {
            Ai = Ai,
            LastSeen = LastSeen,
            Blocked = [.. _blocked.Select(b => new UserBlocked(b.Key, b.Value))],
        };

    public static UserState Restore(UserSnapshot snapshot)
    {
        var state = new UserState
        {
            PhoneNumber = snapshot.PhoneNumber,
            DisplayName = snapshot.DisplayName,
            LastActiveAt = snapshot.LastActiveAt,
            Ai = snapshot.Ai,
            LastSeen = snapshot.LastSeen,
        };
        foreach (var device in snapshot.Devices)
            state._devices[device.Id] = device;
        foreach (var direct in snapshot.DirectChats)
            state._direct[direct.Peer] = direct.Chat;
        foreach (var blocked in snapshot.Blocked)
            state._blocked[blocked.User] = blocked.At;
        return state;
    }
}

/// <param name="DirectChats">Peer and chat; the time is not kept.</param>
public sealed record UserSnapshot(
    string? PhoneNumber,
    string DisplayName,
    DateTimeOffset? LastActiveAt,
    IReadOnlyList<Device> Devices,
    IReadOnlyList<DirectChatOpened> DirectChats
)
{
    public AiUsage Ai { get; init; } = AiUsage.None;
    public IReadOnlyList<UserBlocked> Blocked { get; init; } = [];
    public LastSeen LastSeen { get; init; }
}
