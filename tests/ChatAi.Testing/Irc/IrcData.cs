namespace ChatAi.Testing.Irc;

/// <summary>Finds the real logs beside the repository; they are no part of it.</summary>
public static class IrcData
{
    /// <summary>The nearest <c>shared/data/irc</c> of a folder at or above <paramref name="start"/>, or null.</summary>
    public static string? FindFolder(string? start = null)
    {
        for (var dir = new DirectoryInfo(start ?? AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
        {
            var candidate = Path.Combine(dir.FullName, "shared", "data", "irc");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }

    /// <summary>The folder's logs in order of their names.</summary>
    public static IReadOnlyList<string> RawFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.raw.txt").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<IrcLine> Read(string rawFile) =>
        IrcLog.Parse(File.ReadAllText(rawFile), IrcLog.DateOf(rawFile));

    public static IReadOnlyList<(int From, int To)> ReadAnnotations(string rawFile) =>
        IrcLog.ParseAnnotations(
            File.ReadAllText(rawFile.Replace(".raw.txt", ".annotation.txt", StringComparison.Ordinal))
        );
}
