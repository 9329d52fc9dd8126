using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>The migrations of the read tables ran, here or on another node.</summary>
public sealed class SchemaIsThere(ReadStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var migrated = store.MigratedAsync();
        return Task.FromResult(
            migrated.IsCompletedSuccessfully
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The schema of the read tables is not there yet.")
        );
    }
}
