using static ChatAi.Shared.Domain.Users.UserCommands;
using static ChatAi.Shared.Domain.Users.UserEvents;

namespace ChatAi.Shared.Domain.Users;

/// <summary>The rules of a user's account: pure.</summary>
public static class UserDecider
{
    public const int MaxDevices = 32;
    public const int MaxBlocked = 10_000;

    /// <summary>A refresh token that nobody used for so long works no more.</summary>
    public static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(90);

    /// <param name="newId">Makes a new UUID, version 7 outside of tests.</param>
    public static UserDecision Decide(UserState state, IUserCommand command, DateTimeOffset now, Func<Guid> newId)
    {
        if (!state.Exists && command is not Register)
            return Refuse(ErrorCode.NotFound, "There is no such user.");
        now = EventTime.Of(now);
        return command switch
        {
            Register register => DecideRegister(state, register, now),
            ChangeProfile change => DecideProfile(state, change, now),
            AddDevice add => DecideAddDevice(state, add, now),
            RotateRefresh rotate => DecideRotate(state, rotate, now),
            RevokeDevice revoke => state.Devices.ContainsKey(revoke.Device)
                ? Accept(new DeviceRevoked(revoke.Device, revoke.Reason, now))
                : Refuse(ErrorCode.NotFound, "There is no such device."),
            OpenDirectChat open => state.DirectChats.ContainsKey(open.Peer)
                ? Accept()
                : Accept(new DirectChatOpened(open.Peer, new ChatId(newId()), now)),
            ReserveRun reserve => DecideReserve(state, reserve, now),
            SettleRun settle => state.Ai.Runs.Any(r => r.Run == settle.Run && r.Tokens != settle.Tokens)
                ? Accept(new AiSettled(settle.Run, settle.Tokens, now))
                : Accept(),
            SetBlocked set => DecideBlocked(state, set, now),
            SetPrivacy set => DecidePrivacy(state, set, now),
            GoOffline => Accept(new WentOffline(now)),
            _ => throw new InvalidOperationException($"A user does not know the command {command.GetType().Name}."),
        };
    }

    private static UserDecision DecideBlocked(UserState state, SetBlocked set, DateTimeOffset now)
    {
        if (set.User.IsAssistant)
            return Refuse(ErrorCode.BadRequest, "The assistant cannot be blocked: switch it off in the chat.");
        if (state.Blocked.ContainsKey(set.User) == set.Blocked)
            return Accept();
        if (!set.Blocked)
            return Accept(new UserUnblocked(set.User, now));
        return state.Blocked.Count >= MaxBlocked
            ? Refuse(ErrorCode.QuotaExceeded, $"At most {MaxBlocked} people can be blocked.")
            : Accept(new UserBlocked(set.User, now));
    }

    private static UserDecision DecidePrivacy(UserState state, SetPrivacy set, DateTimeOffset now)
    {
        if (!Enum.IsDefined(set.LastSeen))
            return Refuse(ErrorCode.BadRequest, "last_seen is everyone, contacts or nobody.");
        return set.LastSeen == state.LastSeen ? Accept() : Accept(new PrivacyChanged(set.LastSeen, now));
    }

    private static UserDecision DecideReserve(UserState state, ReserveRun reserve, DateTimeOffset now)
    {
        if (state.Ai.Has(reserve.Run))
            return Accept();
        return state.Ai.Check(reserve.Quota, reserve.Tokens, now) is { } exceeded
            ? new UserDecision.Refused(exceeded, [])
            : Accept(new AiReserved(reserve.Run, reserve.Chat, reserve.Tokens, now));
    }

    private static UserDecision DecideRegister(UserState state, Register register, DateTimeOffset now)
    {
        if (state.Exists)
            return Accept();
        var name = register.DisplayName?.Trim() is { Length: > 0 } given ? given : register.PhoneNumber;
        return CheckName(name) ?? Accept(new UserRegistered(register.PhoneNumber, name, now));
    }

    private static UserDecision DecideProfile(UserState state, ChangeProfile change, DateTimeOffset now)
    {
        var name = change.DisplayName.Trim();
        if (CheckName(name) is { } refused)
            return refused;
        return name == state.DisplayName ? Accept() : Accept(new ProfileChanged(name, now));
    }

    /// <summary>Null when the name may be used.</summary>
    public static UserDecision? CheckName(string name)
    {
        if (name.Length == 0 || !TextRules.IsStorable(name) || name.Any(char.IsControl))
            return Refuse(ErrorCode.BadRequest, "display_name must not be empty nor hold control characters.");
        return name.Length > Limits.DisplayNameLength
            ? Refuse(ErrorCode.TooLarge, $"display_name has at most {Limits.DisplayNameLength} UTF-16 units.")
            : null;
    }

    private static UserDecision DecideAddDevice(UserState state, AddDevice add, DateTimeOffset now)
    {
        if (add.Name.Length > Limits.DeviceNameLength)
            return Refuse(ErrorCode.TooLarge, $"A device's name has at most {Limits.DeviceNameLength} UTF-16 units.");
        if (!TextRules.IsStorable(add.Name))
            return Refuse(ErrorCode.BadRequest, "A device's name must be valid Unicode without U+0000.");
        var events = new List<IUserEvent>();
        if (state.Devices.Count >= MaxDevices)
        {
            var oldest = state.Devices.Values.OrderBy(d => d.LastSeenAt).ThenBy(d => d.Id.Value).First();
            events.Add(new DeviceRevoked(oldest.Id, "too many devices", now));
        }
        events.Add(new DeviceAdded(add.Device, add.Name, add.RefreshHash, now));
        return new UserDecision.Accepted(events);
    }

    private static UserDecision DecideRotate(UserState state, RotateRefresh rotate, DateTimeOffset now)
    {
        if (!state.Devices.TryGetValue(rotate.Device, out var device))
            return Refuse(ErrorCode.Unauthenticated, "This device was signed out.");
        if (device.UsedHashes.Contains(rotate.Presented))
            return Refuse(
                ErrorCode.Unauthenticated,
                "This refresh token was used before; the device is signed out.",
                new DeviceRevoked(device.Id, "refresh token reused", now)
            );
        if (device.RefreshHash != rotate.Presented)
            return Refuse(ErrorCode.Unauthenticated, "This refresh token is not valid.");
        return now - device.LastSeenAt > RefreshLifetime
            ? Refuse(ErrorCode.TokenExpired, "This refresh token has expired.")
            : Accept(new RefreshRotated(device.Id, rotate.Next, now));
    }

    private static UserDecision Accept(params IReadOnlyList<IUserEvent> events) => new UserDecision.Accepted(events);

    private static UserDecision Refuse(string code, string message, params IReadOnlyList<IUserEvent> events) =>
        new UserDecision.Refused(new Rejection(code, message), events);
}
