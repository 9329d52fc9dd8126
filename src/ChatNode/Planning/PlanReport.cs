using System.Globalization;
using System.Text;

namespace ChatAi.ChatNode.Planning;

/// <summary>A plan as people read it.</summary>
public static class PlanReport
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P", "E"];

    public static string Text(PlanQuestion q, CapacityPlan p)
    {
        var page = new StringBuilder();
        Line("messages", $"{Number(p.MessagesPerSecond)}/s", $"{Number(p.PeakMessagesPerSecond)}/s at the peak");
        Line("deliveries", $"{Number(p.PeakDeliveriesPerSecond)}/s", "at the peak, to people who are connected");
        Line("sockets", Number(p.Sockets), $"{Number(p.SocketsPerNode)} a node");
        Line(
            "nodes",
            $"{Number(p.Nodes)} + {Number(p.SpareNodes)}",
            $"of {q.NodeCores:0.#} cores and {q.NodeMemoryGiB:0.#} GiB; by {p.NodesFor}; in use: {Number(p.NodeCores * CapacityPlan.Fullness)} cores, {Bytes(p.NodeMemoryBytes * CapacityPlan.Fullness)}"
        );
        Line(
            "PostgreSQL",
            Number(p.Databases),
            $"of {q.DatabaseCores:0.#} cores and {q.DatabaseDiskTB:0.##} TB, without standbys; by {p.DatabasesFor}; in use: {Number(p.DatabaseCores * CapacityPlan.Fullness)} cores, {Bytes(p.DiskBytes * CapacityPlan.Fullness)}"
        );
        Line("journal", $"{Bytes(p.JournalBytesPerYear)} a year", "never deleted by the service");
        Line("write-ahead log", $"{Bytes(p.WalBytesPerDay)} a day", $"{Bytes(p.PeakWalBytesPerSecond)}/s at the peak");
        Line(
            "assistant",
            $"{Number(p.AnswersPerDay + p.SummariesPerDay)} runs a day",
            $"{Number(p.AnswersPerDay)} answers, {Number(p.SummariesPerDay)} rolling summaries; {Number(p.PeakRunsPerSecond)}/s at the peak"
        );
        Line(
            "model workers",
            Number(p.ModelWorkers),
            $"of {q.PromptTokensPerSecond:0.#} tokens/s read and {q.AnswerTokensPerSecond:0.#} written; {p.ModelSecondsPerRun:0.0} s a run"
        );
        Line("without a model", $"{Number(p.PlainAssistantCores)} cores", "quotes and citations only");
        Line("network, people", $"{Bits(p.ClientBitsPerSecond)}/s", "at the peak, both ways together");
        Line("network, nodes", $"{Bits(p.ClusterBitsPerSecond)}/s", "at the peak, between nodes, at most");
        return page.ToString();

        void Line(string name, string value, string more) =>
            page.AppendLine(CultureInfo.InvariantCulture, $"{name, -16} {value, 16}  {more}");
    }

    /// <summary>What the figures rest on.</summary>
    public static string Costs()
    {
        var page = new StringBuilder();
        foreach (var cost in MeasuredCosts.All)
            page.AppendLine(
                CultureInfo.InvariantCulture,
                $"{cost.Value, 10:0.#####} {cost.Unit} ({(cost.IsMeasured ? "docs/benchmarks.md, " : "assumed: ")}{cost.Source})"
            );
        return page.ToString();
    }

    public static string Number(double value) =>
        value switch
        {
            > 0 and < 0.01 => "< 0.01",
            < 10_000 => Short(value),
            _ => $"{Scaled(value, out var prefix)}{prefix}",
        };

    public static string Bytes(double value) => $"{Scaled(value, out var prefix)} {prefix}B";

    public static string Bits(double value) => $"{Scaled(value, out var prefix)} {prefix}bit";

    private static string Scaled(double value, out string prefix)
    {
        var power = 0;
        // What would be rounded to 1000 is 1 of the next.
        while (value >= 999.5 && power < Prefixes.Length - 1)
            (value, power) = (value / 1_000, power + 1);
        prefix = Prefixes[power];
        return Short(value);
    }

    private static string Short(double value) =>
        value.ToString(
            value switch
            {
                >= 100 => "#,0",
                >= 10 => "0.#",
                _ => "0.##",
            },
            CultureInfo.InvariantCulture
        );
}
