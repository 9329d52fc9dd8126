using OpenTelemetry.Metrics;

namespace ChatAi.ChatNode.Telemetry;

/// <summary>Metrics in Prometheus' text format at <c>/metrics</c>: the server's, the runtime's and our own meters.</summary>
public static class MetricsHosting
{
    public static IServiceCollection AddNodeMetrics(this IServiceCollection services)
    {
        services
            .AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(
                        "ChatAi*",
                        "Microsoft.AspNetCore.Hosting",
                        "Microsoft.AspNetCore.Server.Kestrel",
                        "System.Runtime"
                    )
                    .AddPrometheusExporter()
            );
        return services;
    }

    public static void MapNodeMetrics(this IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
