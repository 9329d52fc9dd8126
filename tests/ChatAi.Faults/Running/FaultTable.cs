using System.Text;

namespace ChatAi.Faults.Running;

/// <summary>Results as lines of a Markdown table.</summary>
public static class FaultTable
{
    private const string Head = """
        | fault | hits | sent | acked | lost | doubled | other violations | chats answer again after | chats interrupted | longest wait for an ack | refused | sockets closed |
        |---|---|---|---|---|---|---|---|---|---|---|---|
        """;

    public static string Of(IEnumerable<FaultResult> results) =>
        results
            .Aggregate(new StringBuilder(Head), (table, result) => table.Append('\n').Append(Line(result)))
            .ToString();

    public static string Line(FaultResult result)
    {
        var other = result.Violations.Count - result.Lost - result.Doubled;
        var answering = string.Join(", ", result.Answering.Select(time => $"{time.TotalSeconds:0.0}"));
        return $"| {result.Name} | {result.Hit} | {result.Sent} | {result.Acked} | {result.Lost} | {result.Doubled} | {other} "
            + $"| {answering} s | {result.Interrupted} | {result.LongestWait.TotalSeconds:0.0} s "
            + $"| {Counts(result.Refused)} | {Counts(result.Closed)} |";
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "-" : string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"));
}
