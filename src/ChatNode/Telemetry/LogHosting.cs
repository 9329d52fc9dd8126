using ChatAi.ChatNode.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace ChatAi.ChatNode.Telemetry;

public static class LogHosting
{
    /// <summary>The console's lines as <c>ChatAi:Logging:Format</c> says.</summary>
    public static void AddLogLines(this WebApplicationBuilder builder, ChatAiOptions options)
    {
        builder.Services.AddSingleton(
            new LogLinesSettings(options.Logging.Format == "json")
            {
                Node = $"{options.Cluster.Hostname}:{options.Cluster.Port}",
            }
        );
        builder.Logging.AddConsoleFormatter<LogLines, ConsoleFormatterOptions>();
        // Probes ask all the time: the node's own actor says once when the answer changes.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }
}
