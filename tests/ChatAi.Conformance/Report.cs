namespace ChatAi.Conformance;

public static class Agents
{
    internal static IReadOnlyDictionary<string, Func<Uri, string, string, Task<int>>> All { get; } =
        new Dictionary<string, Func<Uri, string, string, Task<int>>>(StringComparer.Ordinal)
        {
            ["agent"] = DotnetAgent.RunAsync,
            ["naive-agent"] = NaiveAgent.RunAsync,
        };

    /// <summary>The command line of one of this program's own clients.</summary>
    public static string Own(string agent) => $"dotnet {typeof(Agents).Assembly.Location} {agent}";
}

internal static class Report
{
    private const int MostLines = 20;

    /// <summary>0 when nothing was lost, doubled or misplaced.</summary>
    public static int Print(ConformanceResult result, bool isVerbose)
    {
        if (isVerbose)
        {
            Console.WriteLine(string.Join(", ", result.Acts));
        }

        var (verdict, seen) = (result.Verdict, result.Seen);
        foreach (var line in verdict.Lost.Concat(verdict.Doubled).Concat(verdict.Misordered).Take(MostLines))
        {
            Console.WriteLine($"  {line}");
        }

        Console.WriteLine(
            $"{result.Acts.Count} hostile acts, {seen.Ordered.Count} sent by the client, {seen.Stored.Count} in the journal, "
                + $"{seen.Shown.Count} shown: {verdict.Lost.Count} lost, {verdict.Doubled.Count} doubled, "
                + $"{verdict.Misordered.Count} misordered"
        );
        return verdict.IsClean ? 0 : 1;
    }
}
