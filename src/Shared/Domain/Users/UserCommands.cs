namespace ChatAi.Shared.Domain.Users;

public interface IUserCommand;

public static class UserCommands
{
    /// <summary>Idempotent. <paramref name="DisplayName"/> counts only the first time.</summary>
    public sealed record Register(string PhoneNumber, string? DisplayName) : IUserCommand;

    public sealed record ChangeProfile(string DisplayName) : IUserCommand;

    public sealed record AddDevice(DeviceId Device, string Name, string RefreshHash) : IUserCommand;

    /// <param name="Presented">SHA-256 (hex) of the secret that the client showed.</param>
    /// <param name="Next">SHA-256 (hex) of the secret that it gets when the shown one is right.</param>
    public sealed record RotateRefresh(DeviceId Device, string Presented, string Next) : IUserCommand;

    public sealed record RevokeDevice(DeviceId Device, string Reason) : IUserCommand;

    /// <summary>To the user with the lower id of the pair.</summary>
    public sealed record OpenDirectChat(UserId Peer) : IUserCommand;

    /// <summary>Before a run is worked at. Idempotent.</summary>
    /// <param name="Tokens">What it may need at most.</param>
    public sealed record ReserveRun(RunId Run, ChatId Chat, int Tokens, AiQuota Quota) : IUserCommand;

    /// <summary>After a run has ended; null gives it back.</summary>
    public sealed record SettleRun(RunId Run, int? Tokens) : IUserCommand;

    /// <summary>Idempotent.</summary>
    public sealed record SetBlocked(UserId User, bool Blocked) : IUserCommand;

    /// <summary>Idempotent.</summary>
    public sealed record SetPrivacy(LastSeen LastSeen) : IUserCommand;

    public sealed record GoOffline : IUserCommand
    {
        public static readonly GoOffline Instance = new();
    }
}

public abstract record UserDecision
{
    public sealed record Accepted(IReadOnlyList<IUserEvent> Events) : UserDecision;

    /// <summary>Refused, though something (a revocation, say) may have to be written first.</summary>
    public sealed record Refused(Rejection Rejection, IReadOnlyList<IUserEvent> Events) : UserDecision;
}
