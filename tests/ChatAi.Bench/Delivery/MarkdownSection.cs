namespace ChatAi.Bench.Delivery;

/// <summary>Keeps a measured table inside a written page: only what is between its two marks is replaced.</summary>
public static class MarkdownSection
{
    public static void Replace(string file, string name, string content)
    {
        var page = File.Exists(file) ? File.ReadAllText(file) : "# Benchmarks\n";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, Replaced(page, name, content));
    }

    public static string Replaced(string page, string name, string content)
    {
        var (begin, end) = ($"<!-- {name}: begin -->", $"<!-- {name}: end -->");
        var section = $"{begin}\n\n{content.Trim()}\n\n{end}";
        var from = page.IndexOf(begin, StringComparison.Ordinal);
        var to = page.IndexOf(end, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? page[..from] + section + page[(to + end.Length)..]
            : $"{page.TrimEnd()}\n\n{section}\n";
    }
}
