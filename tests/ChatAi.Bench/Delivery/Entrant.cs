namespace ChatAi.Bench.Delivery;

/// <summary>A run that lost, doubled or reordered something: nothing measured after it would count.</summary>
public sealed class VoidRunException : Exception;

/// <summary>A contestant that is up, with its users connected.</summary>
public sealed class Entrant : IAsyncDisposable
{
    private readonly DeliveryPlan _plan;
    private readonly Contestant _contestant;
    private readonly RunningServer _server;
    private readonly LoadFleet _fleet;
    private readonly Action<DeliveryResult> _report;
    private double _highest;

    private Entrant(
        DeliveryPlan plan,
        Contestant contestant,
        RunningServer server,
        LoadFleet fleet,
        Action<DeliveryResult> report
    )
    {
        _plan = plan;
        _contestant = contestant;
        _server = server;
        _fleet = fleet;
        _report = report;
    }

    private double TopRate => _plan.Rates.DefaultIfEmpty(400).Max();

    public static async Task<Entrant> StartAsync(
        DeliveryPlan plan,
        Contestant contestant,
        Action<DeliveryResult> report
    )
    {
        var server = await contestant.StartAsync();
        try
        {
            var logins = new Login[plan.Users];
            await Parallel.ForAsync(
                0,
                plan.Users,
                new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (user, _) => logins[user] = await server.LogIn(user)
            );
            var fleet = await LoadFleet.ConnectAsync(server.Url, logins);
            var entrant = new Entrant(plan, contestant, server, fleet, report);
            // Compiles the hot path of both sides; its figures are thrown away, its checks are not.
            await entrant.LoadAsync(0, "warm-up", entrant.TopRate, plan.WarmUpSeconds);
            return entrant;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task MeasureAsync(int round)
    {
        foreach (var rate in _plan.Rates)
        {
            await LoadAsync(round, "rate", rate, _plan.Seconds);
        }

        if (_plan.RampSeconds is { } seconds)
        {
            // Later rounds begin near what the one before found, which saves most of the steps.
            _highest = await RampSearch.FindAsync(
                _highest > 0 ? _highest / 1.2 : TopRate,
                _plan.MaxRate,
                // What else the machine did for a moment must not end the search: a step fails when it fails twice.
                async rate =>
                    await SustainsAsync(round, rate, seconds) || await SustainsAsync(round, rate, seconds)
            );
            Report(round, "highest", _highest, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task<bool> SustainsAsync(int round, double rate, double seconds) =>
        (await LoadAsync(round, "step", rate, seconds)).Sustained(_plan.LimitMs);

    private async Task<RunResult> LoadAsync(int round, string kind, double rate, double seconds)
    {
        var run = await LoadRun.RunAsync(_fleet, _server.CpuSeconds, rate, seconds, _plan.TextSize);
        Report(round, kind, rate, run);
        return run.Void ? throw new VoidRunException() : run;
    }

    private void Report(int round, string kind, double rate, RunResult? run) =>
        _report(
            new DeliveryResult(_contestant.Name, _contestant.Durability, _contestant.Limit, round, kind, rate, run)
        );
}
