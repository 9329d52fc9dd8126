using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChatAi.Bench.Delivery;

/// <summary>Calls back at each arrival's time from a thread of its own, to about a tenth of a millisecond.</summary>
public static partial class Pacer
{
    /// <summary>Returns when all have been sent, or as soon as <paramref name="giveUp"/> says so.</summary>
    public static Task RunAsync(PoissonSchedule schedule, Action<Arrival, long> send, Func<bool> giveUp) =>
        Task.Factory.StartNew(() => Run(schedule, send, giveUp), TaskCreationOptions.LongRunning);

    private static void Run(PoissonSchedule schedule, Action<Arrival, long> send, Func<bool> giveUp)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var arrival in schedule.Arrivals)
        {
            var intended = start + arrival.At;
            var left = intended - Stopwatch.GetTimestamp();
            if (left > 0)
            {
                SleepFor(left);
            }

            if (giveUp())
            {
                return;
            }

            send(arrival, intended);
        }
    }

    // The timers of the runtime tick in whole milliseconds, which would be most of what a relay takes.
    private static void SleepFor(long ticks)
    {
        var nanos = (long)(ticks * (1e9 / Stopwatch.Frequency));
        var wait = new TimeSpec((nint)(nanos / 1_000_000_000), (nint)(nanos % 1_000_000_000));
        _ = NanoSleep(in wait, nint.Zero);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NanoSleep(in TimeSpec wait, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanos);
}
