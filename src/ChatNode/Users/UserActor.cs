using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Users;

/// <summary>What every user entity is given.</summary>
/// <param name="Chats">Gives the chat shard region; late, since the chat entities are given this one.</param>
/// <param name="Users">Gives the user shard region.</param>
public sealed record UserDependencies(
    Func<IActorRef> Chats,
    Func<IActorRef> Users,
    TimeProvider Time,
    EntitySettings Settings
)
{
    public AiQuotas Quotas { get; init; } = AiQuotas.Off;
}

/// <summary>
/// One user: the account (profile, devices, 1:1 chats), which is journaled, and the sessions, watchers and lately
/// changed chats, which are not. What chats tell their members goes through here to every session of the user.
/// </summary>
public sealed partial class UserActor : UntypedPersistentActor
{
    private readonly UserId _user;
    private readonly UserDependencies _with;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<IActorRef, DeviceId> _sessions = [];
    private readonly TouchedChats _touched = new();
    private readonly DirectChats _direct = new();
    private UserState _state = new();
    private long _snapshotAt;

    public UserActor(UserId user, UserDependencies with)
    {
        _user = user;
        _with = with;
    }

    public static Props Props(UserId user, UserDependencies with) =>
        Akka.Actor.Props.Create(() => new UserActor(user, with));

    public override string PersistenceId => ShardNames.PersistenceId(_user);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case IUserEvent e:
                _state.Apply(e);
                break;
            case SnapshotOffer { Snapshot: UserSnapshot snapshot } offer:
                _state = UserState.Restore(snapshot);
                _snapshotAt = offer.Metadata.SequenceNr;
                break;
            case RecoveryCompleted:
                SetReceiveTimeout(_with.Settings.Idle);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case UserProtocol.Deliver deliver:
                Deliver(deliver.Delivery);
                break;
            case UserProtocol.Execute execute:
                Execute(execute.Command, Sender, execute.Correlation);
                break;
            case UserProtocol.Attach attach:
                Attach(attach);
                break;
            case Terminated gone:
                Detach(gone.ActorRef);
                break;
            case UserProtocol.OpenDirect open:
                OpenDirect(open);
                break;
            case UserProtocol.FindDirect find:
                FindDirect(find);
                break;
            case UserProtocol.Profile profile when _direct.PeerOf(profile.Correlation) is { } peer:
                RecordDirect(peer, profile.Blocks);
                break;
            case UserProtocol.Refused refused when _direct.PeerOf(refused.Correlation) is { } peer:
                _direct.Failed(_user, peer, refused.Rejection);
                break;
            case ChatProtocol.Executed executed when _direct.PeerOf(executed.Correlation) is { } peer:
                _direct.Opened(peer, executed.Chat);
                break;
            case ChatProtocol.Refused refused when _direct.PeerOf(refused.Correlation) is { } peer:
                _direct.Failed(_user, peer, refused.Rejection);
                break;
            case UserProtocol.ReserveRun reserve:
                Reserve(reserve);
                break;
            case UserProtocol.SettleRun settle:
                Execute(new UserCommands.SettleRun(settle.Run, settle.Tokens), ActorRefs.Nobody, 0);
                break;
            case IToUser query:
                Answer(query);
                break;
            case ReceiveTimeout when _sessions.Count == 0:
                Context.Parent.Tell(new Passivate(Leave.Instance));
                break;
            case Leave when _sessions.Count == 0:
                Context.Stop(Self);
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failed:
                _log.Warning(failed.Cause, "User {0}: the snapshot was not saved; recovery takes longer.", _user);
                break;
        }
    }

    private void Deliver(Delivery delivery)
    {
        if (delivery.Touches is { } touch)
            _touched.Add(touch);
        if (delivery.Notice is Notices.Presence presence && !MayHearOf(presence.User))
        {
            _with.Users().Tell(new UserProtocol.StopWatching(presence.User, _user));
            return;
        }
        if (_sessions.Count == 0)
            return;
        var span = Tracing.Continue("user.deliver", delivery.Trace);
        if (span is { Id: { } trace })
            delivery = delivery.Traced(trace);
        foreach (var session in _sessions.Keys)
            session.Tell(delivery);
        span.End();
    }

    private void Execute(IUserCommand command, IActorRef sender, long correlation)
    {
        switch (UserDecider.Decide(_state, command, _with.Time.Now(), NewId))
        {
            case UserDecision.Accepted accepted:
                Write(accepted.Events, () => sender.Tell(new UserProtocol.Executed(_user, correlation)));
                break;
            case UserDecision.Refused refused:
                Write(
                    refused.Events,
                    () => sender.Tell(new UserProtocol.Refused(_user, correlation, refused.Rejection))
                );
                break;
        }
    }

    // Told by way of the region: the chat that asked may have moved.
    private void Reserve(UserProtocol.ReserveRun reserve)
    {
        var quotas = _with.Quotas;
        var command = new UserCommands.ReserveRun(reserve.Run, reserve.Chat, quotas.TokensOfRun, quotas.OfUser);
        switch (UserDecider.Decide(_state, command, _with.Time.Now(), NewId))
        {
            case UserDecision.Accepted accepted:
                Write(accepted.Events, () => _with.Chats().Tell(new AiProtocol.RunGranted(reserve.Chat, reserve.Run)));
                break;
            case UserDecision.Refused refused:
                _with.Chats().Tell(new AiProtocol.RunDenied(reserve.Chat, reserve.Run, refused.Rejection));
                break;
        }
    }

    private void Write(IReadOnlyList<IUserEvent> events, Action then)
    {
        if (events.Count == 0)
        {
            then();
            return;
        }
        var left = events.Count;
        PersistAll(
            events,
            e =>
            {
                _state.Apply(e);
                switch (e)
                {
                    case UserEvents.DeviceRevoked revoked:
                        Revoke(revoked.Device);
                        break;
                    case UserEvents.UserBlocked blocked:
                        _watchers.Remove(blocked.User);
                        Deliver(new Delivery(new Notices.Blocked(blocked.User, true)));
                        break;
                    case UserEvents.PrivacyChanged privacy:
                        ChangePrivacy(privacy.LastSeen);
                        break;
                    case UserEvents.UserUnblocked unblocked:
                        Deliver(new Delivery(new Notices.Blocked(unblocked.User, false)));
                        break;
                }
                if (--left > 0)
                    return;
                then();
                if (LastSequenceNr - _snapshotAt < _with.Settings.SnapshotEvery)
                    return;
                _snapshotAt = LastSequenceNr;
                SaveSnapshot(_state.ToSnapshot());
            }
        );
    }

    private void Revoke(DeviceId device)
    {
        foreach (var (session, _) in _sessions.Where(s => s.Value == device))
            session.Tell(new UserProtocol.SessionRevoked(device));
    }

    private void Attach(UserProtocol.Attach attach)
    {
        if (!_state.Devices.ContainsKey(attach.Device))
            Refuse(attach.Correlation, ErrorCode.Unauthenticated, "This device was signed out.");
        else if (
            attach.MaxSessions > 0
            && _sessions.Count >= attach.MaxSessions
            && !_sessions.ContainsKey(attach.Session)
        )
            Refuse(attach.Correlation, ErrorCode.QuotaExceeded, "This user has too many connections.");
        else
        {
            Context.Watch(attach.Session);
            _sessions[attach.Session] = attach.Device;
            Sender.Tell(new UserProtocol.Attached(attach.Correlation, _state.DisplayName));
            if (_sessions.Count == 1)
                TellWatchers(new Notices.Presence(_user, true, null));
        }
    }

    private void Detach(IActorRef session)
    {
        if (!_sessions.Remove(session) || _sessions.Count > 0)
            return;
        Execute(UserCommands.GoOffline.Instance, ActorRefs.Nobody, 0);
        TellWatchers(new Notices.Presence(_user, false, _with.Time.Now()));
    }

    private void Refuse(long correlation, string code, string message) =>
        Sender.Tell(new UserProtocol.Refused(_user, correlation, new Rejection(code, message)));

    private Guid NewId() => Guid.CreateVersion7(_with.Time.GetUtcNow());

    private sealed class Leave
    {
        public static readonly Leave Instance = new();
    }
}
