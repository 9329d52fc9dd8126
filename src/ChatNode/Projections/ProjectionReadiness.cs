using ChatAi.ChatNode.ReadModel;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Projections;

/// <summary>
/// Finds out when the read tables include what the journal held when this node started, whichever nodes run the
/// projection.
/// </summary>
public sealed class ProjectionReadiness(
    ReadStore store,
    JournalReader journal,
    ProjectionProgress progress,
    TimeProvider time,
    ILogger<ProjectionReadiness> log
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var target = -1L;
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                if (target < 0)
                    target = await journal.HighestOrderingAsync(stoppingToken);
                if (await StoredAsync(stoppingToken) >= target)
                {
                    progress.MarkCaughtUp();
                    log.LogInformation("The read tables include the journal up to {Ordering}", target);
                    return;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The database may come later than this node; /health/ready says so meanwhile.
                log.LogWarning(e, "The read tables cannot be looked at");
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task<long> StoredAsync(CancellationToken cancel) =>
        store.RunAsync(
            (db, token) =>
                // Where the slowest slice is.
                db.Offsets.MinAsync(o => o.Position, token),
            cancel
        );
}

public sealed class ReadTablesCaughtUp(ProjectionProgress progress) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            progress.CaughtUp.IsCompletedSuccessfully
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The read tables have not caught up with the journal.")
        );
}
