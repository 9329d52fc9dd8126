using ChatAi.ChatNode.Gateway;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ChatAi.ChatNode.Hosting.Database;

/// <summary>The database's epoch as this node knows it: looked at from time to time, since an operator may change it.</summary>
public sealed partial class FollowedEpoch(PostgresEpoch epoch, TimeProvider time, ILogger<FollowedEpoch> log)
    : BackgroundService,
        IEpoch
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private volatile string? _value;

    public bool IsKnown => _value is not null;

    public string Value => _value ?? throw new InvalidOperationException("The epoch is not known yet.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = await epoch.CurrentAsync(stoppingToken);
                if (now != _value)
                    Changed(log, now);
                _value = now;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                Away(log, e.Message);
            }
            await Task.Delay(IsKnown ? Every : Soon, time, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "The journal's epoch is {Epoch}")]
    private static partial void Changed(ILogger log, string epoch);

    [LoggerMessage(LogLevel.Debug, "The epoch cannot be looked at: {Why}")]
    private static partial void Away(ILogger log, string why);
}

public sealed class EpochIsKnown(FollowedEpoch epoch) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            epoch.IsKnown ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The epoch is not known yet.")
        );
}
