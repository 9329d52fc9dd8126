namespace ChatAi.Shared.Domain.Users;

/// <summary>Something that happened to a user. The user's id is the journal's persistence id, not part of the event.</summary>
public interface IUserEvent
{
    DateTimeOffset At { get; }
}

public static class UserEvents
{
    /// <param name="PhoneNumber">E.164.</param>
    public sealed record UserRegistered(string PhoneNumber, string DisplayName, DateTimeOffset At) : IUserEvent;

    public sealed record ProfileChanged(string DisplayName, DateTimeOffset At) : IUserEvent;

    /// <param name="RefreshHash">SHA-256 (hex) of the device's refresh secret; the secret itself is kept by nobody.</param>
    public sealed record DeviceAdded(DeviceId Device, string Name, string RefreshHash, DateTimeOffset At) : IUserEvent;

    public sealed record RefreshRotated(DeviceId Device, string RefreshHash, DateTimeOffset At) : IUserEvent;

    public sealed record DeviceRevoked(DeviceId Device, string Reason, DateTimeOffset At) : IUserEvent;

    /// <summary>The 1:1 chat with a peer. Only the user with the lower id keeps it: one writer for one pair.</summary>
    public sealed record DirectChatOpened(UserId Peer, ChatId Chat, DateTimeOffset At) : IUserEvent;

    /// <summary>The user was let have a run of the assistant.</summary>
    /// <param name="Tokens">What it may need at most.</param>
    public sealed record AiReserved(RunId Run, ChatId Chat, int Tokens, DateTimeOffset At) : IUserEvent;

    /// <param name="Tokens">What the run needed; null where nothing was done for it, so that it does not count.</param>
    public sealed record AiSettled(RunId Run, int? Tokens, DateTimeOffset At) : IUserEvent;

    /// <summary>The person blocked another: that one's 1:1 messages are refused.</summary>
    public sealed record UserBlocked(UserId User, DateTimeOffset At) : IUserEvent;

    public sealed record UserUnblocked(UserId User, DateTimeOffset At) : IUserEvent;

    /// <summary>Whom the person lets see whether they are there.</summary>
    public sealed record PrivacyChanged(LastSeen LastSeen, DateTimeOffset At) : IUserEvent;

    /// <summary>The last session of the user went away.</summary>
    public sealed record WentOffline(DateTimeOffset At) : IUserEvent;
}
