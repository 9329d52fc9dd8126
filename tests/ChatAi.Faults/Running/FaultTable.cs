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

    /// <summary>Puts a table between the marks of a written page.</summary>
    public static void Replace(string file, string table)
    {
        const string Begin = "<!-- faults: begin -->";
        const string End = "<!-- faults: end -->";
        var page = File.ReadAllText(file);
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{file} has no section faults.");
        File.WriteAllText(file, $"{page[..from]}{Begin}\n\n{table}\n\n{page[to..]}");
    }

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "-" : string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"));
}
