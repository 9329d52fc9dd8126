using System.Globalization;

namespace ChatAi.Bench.Delivery;

/// <summary>CPU seconds that processes have used, from <c>/proc/&lt;pid&gt;/stat</c>.</summary>
public static class ProcessCpu
{
    // The unit of /proc is the kernel's USER_HZ, which is 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The process, its children and theirs, and what ended children left to them.</summary>
    public static double OfTree(int root)
    {
        var stats = Directory
            .EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _))
            .Select(Read)
            .OfType<Stat>()
            .ToList();
        var tree = new HashSet<int> { root };
        int before;
        do
        {
            before = tree.Count;
            tree.UnionWith(stats.Where(stat => tree.Contains(stat.Parent)).Select(stat => stat.Id));
        } while (tree.Count > before);

        return stats.Where(stat => tree.Contains(stat.Id)).Sum(stat => stat.Ticks) / TicksPerSecond;
    }

    private static Stat? Read(string folder)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(folder, "stat")));
        }
        catch (IOException)
        {
            return null; // It ended while we looked.
        }
    }

    /// <summary>The name stands in brackets and may hold spaces and brackets itself; the fields follow the last one.</summary>
    public static Stat Parse(string line)
    {
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = fields.Skip(11).Take(4).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return new Stat(
            int.Parse(line[..line.IndexOf(' ', StringComparison.Ordinal)], CultureInfo.InvariantCulture),
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            ticks
        );
    }

    public sealed record Stat(int Id, int Parent, long Ticks);
}
