using System.Diagnostics;

namespace ChatAi.Bench.Inference;

/// <summary>Time that passed and time that this process's threads computed.</summary>
internal sealed record Effort(double Seconds, double CpuSeconds)
{
    public static (T Result, Effort Effort) Of<T>(Func<T> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var result = work();
        return (result, new Effort(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds));
    }

    public static double Median(IEnumerable<double> values) =>
        values.Order().ToList() is var sorted && sorted.Count % 2 == 1
            ? sorted[sorted.Count / 2]
            : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
}
