using System.Diagnostics.Metrics;
using ChatAi.ChatNode.Telemetry;

namespace ChatAi.ChatNode.Push;

/// <summary>Part of the meter <c>ChatAi.Node</c>.</summary>
public static class PushMetrics
{
    private static readonly Meter Meter = new(NodeMetrics.MeterName);

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(
        "chatai.push.attempts",
        description: "Pushes by what came of them: sent, failed (comes again), gone (subscription removed), dead (given up)."
    );

    private static readonly Counter<long> DroppedOnes = Meter.CreateCounter<long>(
        "chatai.push.dropped",
        description: "Pushes that were not needed any more when their time had come, by reason."
    );

    /// <summary>An alarm looks at how this grows: the first must not be the first that is seen of it.</summary>
    public static void Begin()
    {
        foreach (var outcome in new[] { "sent", "failed", "gone", "dead" })
            Attempts.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public static void Handled(string outcome) =>
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Dropped(string reason) =>
        DroppedOnes.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
