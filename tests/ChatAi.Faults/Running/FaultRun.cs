using ChatAi.Faults.Checking;
using ChatAi.Faults.Facts;
using ChatAi.Faults.Load;
using ChatAi.Faults.Plans;
using ChatAi.Faults.Strikes;
using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Running;

/// <summary>One cluster under traffic, hit by one fault after the other, with a check after each.</summary>
public sealed class FaultRun(int seed, Traffic traffic, ChatCluster cluster, Action<string> print) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static IReadOnlyDictionary<string, Strike> Strikes { get; } =
        new[] { ProcessStrikes.All(), NetworkStrikes.All(), DatabaseStrikes.All() }
            .SelectMany(strikes => strikes)
            .ToDictionary(strike => strike.Name);

    private readonly HashSet<Violation> _known = [];
    private World? _world;
    private int _faults;

    /// <summary>All that were found so far.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Signs everybody up and makes the chats.</summary>
    public async Task BeginAsync() =>
        _world = await World.CreateAsync(
            seed,
            traffic,
            DoorsOf(cluster.Nodes),
            Store.Postgres(cluster.ConnectionString),
            () => TableDump.DifferencesAsync(cluster.Postgres, cluster.ConnectionString)
        );

    /// <summary>Null where this fault cannot be played here: the reason is printed.</summary>
    public async Task<FaultResult?> PlayAsync(PlannedFault planned)
    {
        var strike = Strikes[planned.Name];
        if (strike.WhyNot(cluster) is { } reason)
        {
            print($"{planned.Name}: skipped. {reason}");
            return null;
        }
        var world = _world ?? throw new InvalidOperationException("BeginAsync comes first.");
        var strokes = new List<IReadOnlyList<TimeSpan>>();
        var late = new List<Violation>();
        IReadOnlyList<Prober> probers = [];
        using var giveUp = new CancellationTokenSource();
        var on = new StrikeContext(
            cluster,
            planned.Pick,
            planned.Hold,
            async () => strokes.Add(await UntilAnsweredAsync(probers, late))
        );
        var victims = strike.Victims(on);
        print($"{planned}: {Describe(victims)}");

        var from = world.Ledger.Now;
        using var stop = new CancellationTokenSource();
        var talking = world.TalkAsync(stop.Token, giveUp.Token);
        await Task.Delay(planned.After);
        probers = world.Probers(seed + ++_faults, DoorsOf(cluster.Nodes, victims));
        await Task.WhenAll(probers.Select(prober => prober.ConnectAsync(giveUp.Token)));
        await strike.RunAsync(on, victims);
        await Task.Delay(planned.After);
        await stop.CancelAsync();
        giveUp.CancelAfter(Patience);
        await talking;
        await FinishAsync(probers, giveUp.Token);

        var found = await world.CheckAsync(Patience);
        var result = FaultResult.Of(
            planned.Name,
            Describe(victims),
            world.Ledger,
            from,
            strokes,
            [.. late, .. found.Where(_known.Add)]
        );
        print(FaultTable.Line(result));
        foreach (var rule in result.Violations.GroupBy(violation => violation.Rule))
            print($"  {rule.Count()} {rule.Key}, such as {rule.First()}");
        Violations.AddRange(result.Violations);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
    }

    private async Task<IReadOnlyList<TimeSpan>> UntilAnsweredAsync(IReadOnlyList<Prober> probers, List<Violation> late)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Task.WhenAll(
            probers.Select(async prober =>
            {
                try
                {
                    return await prober.UntilAnsweredAsync(patience.Token);
                }
                catch (OperationCanceledException)
                {
                    var busy = Store.Activity(cluster.ConnectionString);
                    lock (late)
                        late.Add(
                            new Violation(
                                "silent",
                                prober.Chat,
                                $"no answer within {Patience.TotalSeconds} s; the database: {busy}"
                            )
                        );
                    return Patience;
                }
            })
        );
    }

    private static async Task FinishAsync(IReadOnlyList<Prober> probers, CancellationToken giveUp)
    {
        foreach (var prober in probers)
        {
            try
            {
                await prober.FinishAsync(giveUp);
            }
            catch (OperationCanceledException)
            {
                // Not acknowledged: the table says so.
            }
            await prober.DisposeAsync();
        }
    }

    // Those who measure stay away from the victims, unless there is nobody else.
    private static Doors DoorsOf(IReadOnlyList<ClusterProcess> nodes, IReadOnlyList<ClusterProcess>? victims = null)
    {
        var gateways = nodes.Where(node => node.Has("gateway")).ToList();
        var others = gateways.Except(victims ?? []).ToList();
        return new Doors([.. (others.Count == 0 ? gateways : others).Select(node => node.Url)]);
    }

    private static string Describe(IReadOnlyList<ClusterProcess> victims) =>
        victims.Count == 0 ? "all" : string.Join(", ", victims.Select(victim => victim.Name));
}
