using Akka.Actor;
using Akka.Cluster;
using Akka.Event;

namespace ChatAi.Shared.Clustering;

/// <summary>
/// Joins the cluster through its seeds. Akka's first seed founds a cluster when no other seed knows of one, which would
/// be a second one where the seeds were restarted while the other nodes lived. So members call seeds that are missing,
/// and a seed listens for such a call before it founds anything.
/// </summary>
public sealed class SeedActor : ReceiveActor, IWithTimers
{
    public const string Name = "seeds";

    /// <summary>Longer than members need to reach a seed that is back: see <c>retry-gate-closed-for</c> in akka.hocon.</summary>
    public static readonly TimeSpan Listen = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CallEvery = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Func<CancellationToken, Task<IReadOnlyList<HostPort>>> _find;
    private readonly Func<CancellationToken, Task<IReadOnlyList<HostPort>>> _look;
    private readonly bool _yields;
    private readonly CancellationTokenSource _stopped = new();
    private IReadOnlyList<HostPort> _seeds = [];

    /// <param name="find">The seeds in the order that all nodes have them; waits until they are known.</param>
    /// <param name="look">The same as they are now.</param>
    /// <param name="yields">
    /// The node hosts nothing: where its cluster turns out to be a second one, it ends, to join the other when it is
    /// started again.
    /// </param>
    public SeedActor(
        Func<CancellationToken, Task<IReadOnlyList<HostPort>>> find,
        Func<CancellationToken, Task<IReadOnlyList<HostPort>>> look,
        bool yields
    )
    {
        (_find, _look, _yields) = (find, look, yields);
        Receive<Found>(found => Join(found.Seeds));
        Receive<Looked>(looked => CallMissing(looked.Seeds));
        Receive<JoinNow>(_ => JoinSeeds());
        Receive<Tick>(_ => OnTick());
        Receive<string>(OnCall);
        Receive<Status.Failure>(failure => _log.Warning(failure.Cause, "The seeds cannot be looked up"));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool HasJoined => _cluster.SelfMember.Status is not MemberStatus.Removed;

    public static Props Props(
        Func<CancellationToken, Task<IReadOnlyList<HostPort>>> find,
        Func<CancellationToken, Task<IReadOnlyList<HostPort>>> look,
        bool yields
    ) => Akka.Actor.Props.Create(() => new SeedActor(find, look, yields));

    protected override void PreStart()
    {
        _ = _find(_stopped.Token).PipeTo(Self, success: seeds => new Found(seeds));
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, CallEvery);
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private void Join(IReadOnlyList<HostPort> seeds)
    {
        _seeds = seeds;
        // A cluster of one needs nobody; the first of several might found a second cluster.
        var founds = seeds.Count > 0 && AddressOf(seeds[0]).Equals(_cluster.SelfAddress);
        if (founds)
            Timers.StartSingleTimer(nameof(JoinNow), JoinNow.Instance, Listen);
        else
            JoinSeeds();
    }

    private void JoinSeeds()
    {
        if (HasJoined)
            return;
        if (_seeds.Count == 0)
            _cluster.Join(_cluster.SelfAddress);
        else
            _cluster.JoinSeedNodes(_seeds.Select(AddressOf));
    }

    private void OnTick()
    {
        if (_cluster.SelfMember.Status == MemberStatus.Up)
            _ = _look(_stopped.Token).PipeTo(Self, success: seeds => new Looked(seeds));
    }

    private void CallMissing(IReadOnlyList<HostPort> seeds)
    {
        var members = _cluster.State.Members.Select(member => member.Address).ToHashSet();
        foreach (var address in seeds.Select(AddressOf).Where(address => !members.Contains(address)))
            Context.ActorSelection(new RootActorPath(address) / "user" / Name).Tell(_cluster.SelfAddress.ToString());
    }

    /// <summary>A member of a cluster misses this seed.</summary>
    private void OnCall(string from)
    {
        if (_cluster.IsTerminated || !ActorPath.TryParseAddress(from, out var caller))
            return;
        if (!HasJoined)
        {
            _log.Info("Joins the cluster of {0}, which called", caller);
            Timers.Cancel(nameof(JoinNow));
            _cluster.JoinSeedNodes([caller]);
        }
        else if (_cluster.State.Members.All(member => !member.Address.Equals(caller)) && IsUp)
            OnSecondCluster(caller);
    }

    private bool IsUp => _cluster.SelfMember.Status == MemberStatus.Up;

    private void OnSecondCluster(Address caller)
    {
        _log.Error("{0} belongs to another cluster, though this node is one of its seeds", caller);
        var isAlone = _cluster.State.Members.All(member => member.Roles.SetEquals(_cluster.SelfRoles));
        if (_yields && isAlone)
            _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    private Address AddressOf(HostPort seed) =>
        new(_cluster.SelfAddress.Protocol, _cluster.SelfAddress.System, seed.Host, seed.Port);

    private sealed record Found(IReadOnlyList<HostPort> Seeds);

    private sealed record Looked(IReadOnlyList<HostPort> Seeds);

    private sealed record JoinNow
    {
        public static readonly JoinNow Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }
}
