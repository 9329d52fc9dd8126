using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Strikes;

/// <summary>What can happen to PostgreSQL.</summary>
public static class DatabaseStrikes
{
    public static IEnumerable<Strike> All() =>
        [
            new("postgres-restart", _ => [], (on, _) => GoneAsync(on, crash: true, TimeSpan.Zero), _ => null),
            new("postgres-gone", _ => [], (on, _) => GoneAsync(on, crash: false, on.Hold), _ => null),
        ];

    private static async Task GoneAsync(StrikeContext on, bool crash, TimeSpan away)
    {
        await on.Cluster.Postgres.StopAsync(crash);
        var answering = on.ChatsAnswerAsync();
        await Task.Delay(away);
        await on.Cluster.Postgres.StartAgainAsync();
        await answering;
        foreach (var process in on.Cluster.All.Where(process => !process.IsRunning))
            await process.RestartAsync();
        await on.Cluster.WaitUntilReadyAsync();
    }
}
