using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChatAi.Bench.Delivery;

/// <param name="At">When it is meant to be sent, in <see cref="Stopwatch"/> ticks after the run's start.</param>
/// <param name="Number">The how manieth of this sender's messages in this run.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Arrival(long At, int Sender, int Number);

/// <summary>
/// Poisson arrivals, fixed before the run begins: an open loop. A server that falls behind cannot slow them, so the
/// time a message waits to be sent counts as latency (no coordinated omission).
/// </summary>
public sealed class PoissonSchedule
{
    private PoissonSchedule(IReadOnlyList<Arrival> arrivals, IReadOnlyList<int> perSender)
    {
        Arrivals = arrivals;
        PerSender = perSender;
    }

    public IReadOnlyList<Arrival> Arrivals { get; }

    public IReadOnlyList<int> PerSender { get; }

    public static PoissonSchedule Create(double rate, double seconds, int senders, int seed)
    {
        var random = new Random(seed);
        var arrivals = new List<Arrival>((int)(rate * seconds * 1.1) + 16);
        var perSender = new int[senders];
        for (var at = Gap(); at < seconds; at += Gap())
        {
            var sender = random.Next(senders);
            arrivals.Add(new Arrival((long)(at * Stopwatch.Frequency), sender, perSender[sender]++));
        }

        return new PoissonSchedule(arrivals, perSender);

        double Gap() => -Math.Log(1 - random.NextDouble()) / rate;
    }
}
