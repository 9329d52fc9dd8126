using Akka.Actor;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.Shared.Protocol;

/// <summary>A message for the entity of one user, by way of the user shard region.</summary>
public interface IToUser : IClusterMessage
{
    UserId User { get; }
}

public static class UserProtocol
{
    /// <summary>Do this, then answer <see cref="Executed"/> or <see cref="Refused"/> to the sender.</summary>
    public sealed record Execute(UserId User, IUserCommand Command, long Correlation) : IToUser;

    public sealed record Executed(UserId User, long Correlation) : ICorrelated;

    public sealed record Refused(UserId User, long Correlation, Rejection Rejection) : ICorrelated;

    public sealed record GetProfile(UserId User, long Correlation) : IToUser
    {
        /// <summary>Also say whether the user blocks this one; null: nobody in particular asks.</summary>
        public UserId? For { get; init; }
    }

    /// <param name="Devices">All that are signed in.</param>
    public sealed record Profile(
        UserId User,
        long Correlation,
        string PhoneNumber,
        string DisplayName,
        DateTimeOffset? LastActiveAt,
        IReadOnlyList<Device> Devices
    ) : ICorrelated
    {
        /// <summary>The user blocks the one named in <see cref="GetProfile.For"/>.</summary>
        public bool Blocks { get; init; }

        /// <summary>Shown to the user alone.</summary>
        public LastSeen LastSeen { get; init; }
    }

    /// <summary>Answer: <see cref="BlockList"/>.</summary>
    public sealed record GetBlocks(UserId User, long Correlation) : IToUser;

    /// <param name="Blocked">Newest first.</param>
    public sealed record BlockList(long Correlation, IReadOnlyList<UserEvents.UserBlocked> Blocked) : ICorrelated;

    /// <summary>A socket of this user's device is there. Answer: <see cref="Attached"/> or <see cref="Refused"/>.</summary>
    /// <param name="Session">Gets <see cref="Delivery"/> and <see cref="SessionRevoked"/>; watched.</param>
    /// <param name="MaxSessions">How many sockets a user may have; 0 for any number. Beyond: <c>quota_exceeded</c>.</param>
    public sealed record Attach(UserId User, IActorRef Session, DeviceId Device, int MaxSessions, long Correlation)
        : IToUser;

    public sealed record Attached(long Correlation, string DisplayName) : ICorrelated;

    /// <summary>To a session: its device was signed out. It closes with 4503.</summary>
    public sealed record SessionRevoked(DeviceId Device) : IClusterMessage;

    /// <summary>
    /// Chat → user: may this run be worked at? Answered to the chat: <see cref="AiProtocol.RunGranted"/> or
    /// <see cref="AiProtocol.RunDenied"/>. Asking twice is harmless.
    /// </summary>
    public sealed record ReserveRun(UserId User, ChatId Chat, RunId Run) : IToUser;

    /// <summary>Chat → user: the run has ended.</summary>
    /// <param name="Tokens">What it needed; null where nothing was done for it.</param>
    public sealed record SettleRun(UserId User, RunId Run, int? Tokens) : IToUser;

    /// <summary>Edge → user: would a run be let through now? Answer: <see cref="Executed"/> or <see cref="Refused"/>.</summary>
    public sealed record CheckAiQuota(UserId User, long Correlation) : IToUser;

    /// <summary>To every session of the user.</summary>
    public sealed record Deliver(UserId User, Delivery Delivery) : IToUser;

    /// <summary>The 1:1 chat with a peer, made when there is none. To the user with the lower id (<see cref="DirectChat"/>).</summary>
    /// <param name="Peer">The other one.</param>
    /// <param name="By">Which of the two asks.</param>
    public sealed record OpenDirect(UserId User, UserId Peer, UserId By, long Correlation) : IToUser;

    /// <summary>
    /// The 1:1 chat with a peer, where there is one: <see cref="DirectOpened"/>, else <see cref="Refused"/> with
    /// <c>not_found</c>. While it is being made, the answer waits. To the user with the lower id.
    /// </summary>
    public sealed record FindDirect(UserId User, UserId Peer, long Correlation) : IToUser;

    public sealed record DirectOpened(long Correlation, ChatId Chat) : ICorrelated;

    /// <summary>Whether the user is online; <paramref name="Watcher"/> hears of changes while it is online itself.</summary>
    public sealed record GetPresence(UserId User, UserId Watcher, long Correlation) : IToUser
    {
        /// <summary>The watcher's own choice: who hides does not see.</summary>
        public LastSeen WatcherShows { get; init; }

        /// <summary>The watcher keeps their 1:1 chat; where the user does, the user's entity knows.</summary>
        public bool WatcherKnows { get; init; }
    }

    /// <summary>
    /// The user is about to ask for the presence of these. Answer: <see cref="Watching"/>, what goes along in
    /// <see cref="GetPresence"/>.
    /// </summary>
    public sealed record BeginWatching(UserId User, IReadOnlyList<UserId> Targets, long Correlation) : IToUser;

    /// <param name="Knows">Those of the targets with whom the user keeps a 1:1 chat.</param>
    public sealed record Watching(long Correlation, LastSeen Shows, IReadOnlyList<UserId> Knows) : ICorrelated;

    /// <param name="LastActiveAt">Null while online or where the user is unknown.</param>
    public sealed record Presence(long Correlation, UserId User, bool Online, DateTimeOffset? LastActiveAt)
        : ICorrelated;

    /// <summary>The watcher is offline: no more news of <paramref name="User"/> for it.</summary>
    public sealed record StopWatching(UserId User, UserId Watcher) : IToUser;

    /// <summary>The chats that changed lately: what <c>chat.list</c> lays over the read table's page.</summary>
    public sealed record GetTouched(UserId User, long Correlation) : IToUser;

    public sealed record Touched(long Correlation, IReadOnlyList<ChatTouch> Chats) : ICorrelated;
}

/// <summary>One chat for one pair: the user with the lower id keeps it, so that one writer decides.</summary>
public static class DirectChat
{
    public static UserProtocol.OpenDirect Open(UserId by, UserId peer, long correlation) =>
        by.Value.CompareTo(peer.Value) < 0 && !by.IsAssistant || peer.IsAssistant
            ? new UserProtocol.OpenDirect(by, peer, by, correlation)
            : new UserProtocol.OpenDirect(peer, by, by, correlation);

    public static UserProtocol.FindDirect Find(UserId by, UserId peer, long correlation)
    {
        var open = Open(by, peer, correlation);
        return new UserProtocol.FindDirect(open.User, open.Peer, correlation);
    }
}

/// <summary>A message for the entity of one phone number.</summary>
public interface IToPhone : IClusterMessage
{
    /// <summary>E.164.</summary>
    string Phone { get; }
}

public static class PhoneProtocol
{
    /// <summary>Answer: <see cref="CodeIssued"/> or <see cref="Refused"/>.</summary>
    public sealed record IssueCode(string Phone, string Code) : IToPhone;

    public sealed record CodeIssued(string Phone, int ExpiresInSeconds) : IClusterMessage;

    /// <summary>Answer: <see cref="CodeAccepted"/> or <see cref="Refused"/>. The first success claims the number for a new user.</summary>
    public sealed record CheckCode(string Phone, string Code) : IToPhone;

    public sealed record CodeAccepted(string Phone, UserId User) : IClusterMessage;

    /// <summary>Answer: <see cref="OwnerFound"/>.</summary>
    public sealed record GetOwner(string Phone) : IToPhone;

    public sealed record OwnerFound(string Phone, UserId? User) : IClusterMessage;

    public sealed record Refused(string Phone, Rejection Rejection) : IClusterMessage;
}
