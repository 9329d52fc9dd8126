using System.Diagnostics;
using HdrHistogram;

namespace ChatAi.Bench.Delivery;

/// <summary>Milliseconds, from an HdrHistogram of three significant digits.</summary>
public sealed record LatencySummary(double P50, double P90, double P99, double P999, double Max)
{
    private const long LongestMicros = 120_000_000;

    public static LongHistogram NewHistogram() => new(1, LongestMicros, 3);

    public static void Record(LongHistogram histogram, long ticks) =>
        histogram.RecordValue(Math.Clamp(ticks * 1_000_000 / Stopwatch.Frequency, 1, LongestMicros));

    public static LatencySummary Of(LongHistogram histogram)
    {
        return histogram.TotalCount == 0
            ? new LatencySummary(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
            : new LatencySummary(At(50), At(90), At(99), At(99.9), At(100));

        double At(double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
    }
}
