using System.Globalization;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Inference;

/// <summary>The measured rounds as a table of medians.</summary>
internal static class EngineReport
{
    public static string Write(string model, int tokens, List<Pair> plain, List<Pair> eight, List<Pair> followUp)
    {
        var loop = Median(plain, p => tokens / p.Base.CpuSeconds);
        var engine = Median(plain, p => tokens / p.Other.CpuSeconds);
        var one = Median(eight, p => tokens / p.Base.CpuSeconds);
        var all = Median(eight, p => 8 * tokens / p.Other.CpuSeconds);
        var oneWall = Median(eight, p => tokens / p.Base.Seconds);
        var allWall = Median(eight, p => 8 * tokens / p.Other.Seconds);
        var cold = Median(followUp, p => p.Base.Seconds * 1000);
        var kept = Median(followUp, p => p.Other.Seconds * 1000);
        return $"""
            Model {model}, {tokens} tokens an answer, medians of {plain.Count} interleaved rounds.

            | what | base | engine | ratio | aim |
            |---|---|---|---|---|
            | tokens a CPU-second, one conversation; base: plain loop | {F(loop)} | {F(engine)} | {R(
                engine / loop
            )} | ≥ 0.97 |
            | tokens a CPU-second, 8 conversations; base: one | {F(one)} | {F(all)} | {R(all / one)} | ≥ 1.5 |
            | tokens a second, 8 conversations; base: one | {F(oneWall)} | {F(allWall)} | {R(allWall / oneWall)} | |
            | ms to the first token of a follow-up after 2,000 tokens; base: all read again | {F(cold)} | {F(kept)} | {R(
                kept / cold
            )} | ≤ 0.15 |

            Each conversation said, token for token, what it says alone, and the engine what the plain loop says.
            Machine: {Machine.Describe()}.
            """;
    }

    private static double Median(List<Pair> pairs, Func<Pair, double> figure) => Effort.Median(pairs.Select(figure));

    private static string F(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string R(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
