using System.Text.RegularExpressions;

namespace ChatAi.Containers.Tests.Files;

/// <summary>Which metrics an expression asks for, and which a node has.</summary>
public static partial class MetricNames
{
    private static readonly HashSet<string> Words =
    [
        "and",
        "or",
        "unless",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "offset",
        "bool",
    ];

    /// <summary>Identifiers that stand where a series stands: no function, label, duration or word of the language.</summary>
    public static IReadOnlySet<string> Asked(string expression)
    {
        var bare = Braces().Replace(Text().Replace(expression, ""), " ");
        bare = LabelList().Replace(bare, " ");
        return Identifier()
            .Matches(bare)
            .Where(found =>
                !Words.Contains(found.Value) && !bare[(found.Index + found.Length)..].TrimStart().StartsWith('(')
            )
            .Select(found => found.Value)
            .ToHashSet();
    }

    /// <summary>The series names of Prometheus' text format.</summary>
    public static IReadOnlySet<string> Present(string metrics) =>
        metrics
            .Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => Identifier().Match(line).Value)
            .ToHashSet();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex LabelList();

    [GeneratedRegex(@"\b[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex Identifier();
}
