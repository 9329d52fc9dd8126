namespace ChatAi.ChatNode.Attachments;

/// <summary>Sweeps every few minutes, on each node that takes files.</summary>
public sealed class AttachmentSweeper(
    ContentSweep sweep,
    AttachmentFolder folder,
    AttachmentOptions options,
    TimeProvider time,
    ILogger<AttachmentSweeper> log
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SweepSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                folder.RemoveLeftOver();
                AttachmentMetrics.Deleted(await sweep.SweepAsync(stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The next look takes up what this one left.
                log.LogWarning(e, "Attachments that nothing names any longer were not swept");
            }
    }
}
