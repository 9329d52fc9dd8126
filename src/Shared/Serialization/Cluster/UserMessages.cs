using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization.Mapping;
using static ChatAi.Shared.Protocol.UserProtocol;
using Wire = ChatAi.Shared.Proto.Cluster.V1;

namespace ChatAi.Shared.Serialization.Cluster;

/// <summary><see cref="UserProtocol"/>.</summary>
internal static class UserMessages
{
    public static readonly IReadOnlyList<ClusterType> Types =
    [
        ClusterType.Of<Execute, Wire.ExecuteForUser>(
            "user.execute",
            Wire.ExecuteForUser.Parser,
            UserCommandMapping.ToWire,
            UserCommandMapping.ToDomain
        ),
        ClusterType.Of<Executed, Wire.ExecutedForUser>(
            "user.executed",
            Wire.ExecutedForUser.Parser,
            m => new() { User = m.User.ToWire(), Correlation = m.Correlation },
            w => new(w.User.ToUserId(), w.Correlation)
        ),
        ClusterType.Of<Refused, Wire.RefusedForUser>(
            "user.refused",
            Wire.RefusedForUser.Parser,
            m =>
                new()
                {
                    User = m.User.ToWire(),
                    Correlation = m.Correlation,
                    Rejection = m.Rejection.ToWire(),
                },
            w => new(w.User.ToUserId(), w.Correlation, w.Rejection.ToDomain())
        ),
        ClusterType.Of<GetProfile, Wire.GetProfile>(
            "user.get-profile",
            Wire.GetProfile.Parser,
            m =>
            {
                var wire = new Wire.GetProfile { User = m.User.ToWire(), Correlation = m.Correlation };
                if (m.For is { } asker)
                    wire.For = asker.ToWire();
                return wire;
            },
            w => new(w.User.ToUserId(), w.Correlation) { For = w.HasFor ? w.For.ToUserId() : null }
        ),
        Question<GetBlocks>("user.get-blocks", m => m.Correlation, (user, correlation) => new(user, correlation)),
        ClusterType.Of<BlockList, Wire.BlockList>(
            "user.blocks",
            Wire.BlockList.Parser,
            m =>
            {
                var wire = new Wire.BlockList { Correlation = m.Correlation };
                foreach (var blocked in m.Blocked)
                    wire.Blocked.Add(UserMapping.ToWire(blocked));
                return wire;
            },
            w => new(w.Correlation, [.. w.Blocked.Select(UserMapping.ToDomain)])
        ),
        ClusterType.Of<FindDirect, Wire.FindDirect>(
            "user.find-direct",
            Wire.FindDirect.Parser,
            m =>
                new()
                {
                    User = m.User.ToWire(),
                    Peer = m.Peer.ToWire(),
                    Correlation = m.Correlation,
                },
            w => new(w.User.ToUserId(), w.Peer.ToUserId(), w.Correlation)
        ),
        ClusterType.Of<Profile, Wire.Profile>("user.profile", Wire.Profile.Parser, ToWire, ToDomain),
        ClusterType.Of<Attach, Wire.Attach>(
            "user.attach",
            Wire.Attach.Parser,
            m =>
                new()
                {
                    User = m.User.ToWire(),
                    Session = Akka.Serialization.Serialization.SerializedActorPath(m.Session),
                    Device = m.Device.ToWire(),
                    MaxSessions = m.MaxSessions,
                    Correlation = m.Correlation,
                },
            (w, actors) =>
                new(
                    w.User.ToUserId(),
                    actors.ResolveActorRef(w.Session),
                    w.Device.ToDeviceId(),
                    w.MaxSessions,
                    w.Correlation
                )
        ),
        ClusterType.Of<Attached, Wire.Attached>(
            "user.attached",
            Wire.Attached.Parser,
            m => new() { Correlation = m.Correlation, DisplayName = m.DisplayName },
            w => new(w.Correlation, w.DisplayName)
        ),
        ClusterType.Of<SessionRevoked, Wire.SessionRevoked>(
            "user.session-revoked",
            Wire.SessionRevoked.Parser,
            m => new() { Device = m.Device.ToWire() },
            w => new(w.Device.ToDeviceId())
        ),
        ClusterType.Of<ReserveRun, Wire.ReserveRun>(
            "user.reserve-run",
            Wire.ReserveRun.Parser,
            m =>
                new()
                {
                    User = m.User.ToWire(),
                    Chat = m.Chat.ToWire(),
                    Run = m.Run.ToWire(),
                },
            w => new(w.User.ToUserId(), w.Chat.ToChatId(), w.Run.ToRunId())
        ),
        ClusterType.Of<SettleRun, Wire.SettleRun>(
            "user.settle-run",
            Wire.SettleRun.Parser,
            m =>
            {
                var wire = new Wire.SettleRun { User = m.User.ToWire(), Run = m.Run.ToWire() };
                if (m.Tokens is { } tokens)
                    wire.Tokens = tokens;
                return wire;
            },
            w => new(w.User.ToUserId(), w.Run.ToRunId(), w.HasTokens ? w.Tokens : null)
        ),
        Question<CheckAiQuota>(
            "user.check-ai-quota",
            m => m.Correlation,
            (user, correlation) => new(user, correlation)
        ),
        ClusterType.Of<Deliver, Wire.Deliver>(
            "user.deliver",
            Wire.Deliver.Parser,
            m => new() { User = m.User.ToWire(), Delivery = DeliveryMapping.ToWire(m.Delivery) },
            w => new(w.User.ToUserId(), DeliveryMapping.ToDomain(w.Delivery.Required()))
        ),
        ClusterType.Of<OpenDirect, Wire.OpenDirect>(
            "user.open-direct",
            Wire.OpenDirect.Parser,
            m =>
                new()
                {
                    User = m.User.ToWire(),
                    Peer = m.Peer.ToWire(),
                    By = m.By.ToWire(),
                    Correlation = m.Correlation,
                },
            w => new(w.User.ToUserId(), w.Peer.ToUserId(), w.By.ToUserId(), w.Correlation)
        ),
        ClusterType.Of<DirectOpened, Wire.DirectOpened>(
            "user.direct-opened",
            Wire.DirectOpened.Parser,
            m => new() { Correlation = m.Correlation, Chat = m.Chat.ToWire() },
            w => new(w.Correlation, w.Chat.ToChatId())
        ),
        ClusterType.Of<GetPresence, Wire.GetPresence>(
            "user.get-presence",
            Wire.GetPresence.Parser,
            m =>
                new()
                {
                    User = m.User.ToWire(),
                    Watcher = m.Watcher.ToWire(),
                    Correlation = m.Correlation,
                    WatcherShows = m.WatcherShows.ToWire(),
                    WatcherKnows = m.WatcherKnows,
                },
            w =>
                new(w.User.ToUserId(), w.Watcher.ToUserId(), w.Correlation)
                {
                    WatcherShows = w.WatcherShows.ToDomain(),
                    WatcherKnows = w.WatcherKnows,
                }
        ),
        ClusterType.Of<BeginWatching, Wire.BeginWatching>(
            "user.begin-watching",
            Wire.BeginWatching.Parser,
            m =>
            {
                var wire = new Wire.BeginWatching { User = m.User.ToWire(), Correlation = m.Correlation };
                wire.Targets.AddRange(m.Targets.Select(target => target.ToWire()));
                return wire;
            },
            w => new(w.User.ToUserId(), [.. w.Targets.Select(target => target.ToUserId())], w.Correlation)
        ),
        ClusterType.Of<Watching, Wire.Watching>(
            "user.watching",
            Wire.Watching.Parser,
            m =>
            {
                var wire = new Wire.Watching { Correlation = m.Correlation, Shows = m.Shows.ToWire() };
                wire.Knows.AddRange(m.Knows.Select(user => user.ToWire()));
                return wire;
            },
            w => new(w.Correlation, w.Shows.ToDomain(), [.. w.Knows.Select(user => user.ToUserId())])
        ),
        ClusterType.Of<Presence, Wire.PresenceFound>(
            "user.presence",
            Wire.PresenceFound.Parser,
            m =>
            {
                var wire = new Wire.PresenceFound
                {
                    Correlation = m.Correlation,
                    User = m.User.ToWire(),
                    Online = m.Online,
                };
                if (m.LastActiveAt is { } active)
                    wire.LastActiveAt = active.ToWire();
                return wire;
            },
            w => new(w.Correlation, w.User.ToUserId(), w.Online, w.HasLastActiveAt ? w.LastActiveAt.ToTime() : null)
        ),
        ClusterType.Of<StopWatching, Wire.StopWatching>(
            "user.stop-watching",
            Wire.StopWatching.Parser,
            m => new() { User = m.User.ToWire(), Watcher = m.Watcher.ToWire() },
            w => new(w.User.ToUserId(), w.Watcher.ToUserId())
        ),
        Question<GetTouched>("user.get-touched", m => m.Correlation, (user, correlation) => new(user, correlation)),
        ClusterType.Of<Touched, Wire.Touched>(
            "user.touched",
            Wire.Touched.Parser,
            m =>
            {
                var wire = new Wire.Touched { Correlation = m.Correlation };
                foreach (var chat in m.Chats)
                    wire.Chats.Add(chat.ToWire());
                return wire;
            },
            w => new(w.Correlation, [.. w.Chats.Select(ClusterValues.ToDomain)])
        ),
    ];

    private static ClusterType Question<T>(string manifest, Func<T, long> correlation, Func<UserId, long, T> read)
        where T : class, IToUser =>
        ClusterType.Of<T, Wire.AskUser>(
            manifest,
            Wire.AskUser.Parser,
            m => new() { User = m.User.ToWire(), Correlation = correlation(m) },
            w => read(w.User.ToUserId(), w.Correlation)
        );

    private static Wire.Profile ToWire(Profile m)
    {
        var wire = new Wire.Profile
        {
            User = m.User.ToWire(),
            Correlation = m.Correlation,
            PhoneNumber = m.PhoneNumber,
            DisplayName = m.DisplayName,
            Blocks = m.Blocks,
            LastSeen = m.LastSeen.ToWire(),
        };
        if (m.LastActiveAt is { } active)
            wire.LastActiveAt = active.ToWire();
        foreach (var device in m.Devices)
            wire.Devices.Add(UserSnapshotMapping.ToWire(device));
        return wire;
    }

    private static Profile ToDomain(Wire.Profile wire) =>
        new(
            wire.User.ToUserId(),
            wire.Correlation,
            wire.PhoneNumber,
            wire.DisplayName,
            wire.HasLastActiveAt ? wire.LastActiveAt.ToTime() : null,
            [.. wire.Devices.Select(UserSnapshotMapping.ToDomain)]
        )
        {
            Blocks = wire.Blocks,
            LastSeen = wire.LastSeen.ToDomain(),
        };
}
