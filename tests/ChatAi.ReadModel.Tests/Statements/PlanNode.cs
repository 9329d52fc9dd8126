using System.Text.Json;
using System.Text.RegularExpressions;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>One place of an executed plan where a table was read, as <c>auto_explain</c> tells it.</summary>
/// <param name="Kind"><c>Seq Scan</c>, <c>Index Scan</c>, …</param>
/// <param name="Table">A partition under its table's name.</param>
/// <param name="Partition">The relation that was really read.</param>
/// <param name="Indexes">Several where their results are joined as bitmaps; none for a sequential scan.</param>
/// <param name="Condition">What the index was asked; empty where all of it was read.</param>
/// <param name="Filter">What rows had to fulfil besides.</param>
/// <param name="Executed">False where the executor never came there.</param>
public sealed record TableScan(
    string Kind,
    string Table,
    string Partition,
    IReadOnlyList<string> Indexes,
    string Condition,
    string Filter,
    bool Executed
);

/// <summary>An executed statement with what its plan read.</summary>
public sealed partial record ExecutedStatement(string Sql, IReadOnlyList<TableScan> Scans)
{
    [GeneratedRegex("^messages_[0-9]+$")]
    private static partial Regex PartitionName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    public static ExecutedStatement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var scans = new List<TableScan>();
        Walk(document.RootElement.GetProperty("Plan"), scans);
        var sql = document.RootElement.GetProperty("Query Text").GetString()!;
        return new ExecutedStatement(Blanks().Replace(sql, " ").Trim(), scans);
    }

    private static void Walk(JsonElement node, List<TableScan> scans)
    {
        var kind = node.GetProperty("Node Type").GetString()!;
        var children = node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().ToList() : [];
        // A row that is inserted, changed or locked was found by a node below.
        if (kind is not "ModifyTable" && node.TryGetProperty("Relation Name", out var relation))
        {
            var bitmap = kind == "Bitmap Heap Scan";
            scans.Add(
                new TableScan(
                    kind,
                    TableOf(relation.GetString()!),
                    relation.GetString()!,
                    bitmap ? [.. children.SelectMany(IndexesBelow)]
                        : Text(node, "Index Name") is { } index ? [index]
                        : [],
                    (bitmap ? Text(node, "Recheck Cond") : Text(node, "Index Cond")) ?? "",
                    Text(node, "Filter") ?? "",
                    !node.TryGetProperty("Actual Loops", out var loops) || loops.GetDouble() > 0
                )
            );
        }
        foreach (var child in children)
            Walk(child, scans);
    }

    private static IEnumerable<string> IndexesBelow(JsonElement node) =>
        Text(node, "Index Name") is { } index ? [index]
        : node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray().SelectMany(IndexesBelow)
        : [];

    public static string TableOf(string relation) => PartitionName().IsMatch(relation) ? "messages" : relation;

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) ? value.GetString() : null;
}
