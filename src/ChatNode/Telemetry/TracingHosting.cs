using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Operators;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChatAi.ChatNode.Telemetry;

public static class TracingHosting
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    /// <summary>
    /// Sends traces by OTLP where OpenTelemetry's own settings say where to; else nothing is traced. How many are
    /// sampled, <c>OTEL_TRACES_SAMPLER</c> says.
    /// </summary>
    public static void AddTracing(this WebApplicationBuilder builder, ChatAiOptions options)
    {
        if (!Array.Exists(Endpoints, key => builder.Configuration[key] is { Length: > 0 }))
            return;
        builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(
                    "chatai",
                    serviceVersion: ProgramVersion.Text,
                    autoGenerateServiceInstanceId: options.Cluster.Port == 0,
                    serviceInstanceId: options.Cluster.Port == 0
                        ? null
                        : $"{options.Cluster.Hostname}:{options.Cluster.Port}"
                )
            )
            .WithTracing(tracing => tracing.AddSource(Tracing.SourceName).AddOtlpExporter());
    }
}
