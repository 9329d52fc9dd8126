using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>A check that costs something: probes that come together or within a second share one look.</summary>
public abstract class CachedCheck(TimeProvider time) : IHealthCheck
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<HealthCheckResult>? _look;
    private long _at;

    protected TimeProvider Time { get; } = time;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        lock (_gate)
        {
            if (_look is null || (_look.IsCompleted && Time.GetElapsedTime(_at) >= Fresh))
            {
                _at = Time.GetTimestamp();
                _look = LookAsync();
            }
            return _look.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ends in bounded time.</summary>
    protected abstract Task<HealthCheckResult> LookAsync();
}
