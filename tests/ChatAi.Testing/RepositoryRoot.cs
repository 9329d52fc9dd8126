namespace ChatAi.Testing;

/// <summary>Finds the repository and what may lie beside it, from wherever the test runs.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds <c>ChatAi.sln</c>.</summary>
    public static string Find() =>
        Ancestors().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "ChatAi.sln")))
        ?? throw new DirectoryNotFoundException($"No ChatAi.sln above {AppContext.BaseDirectory}.");

    /// <summary>An ancestor's <c>shared/data/&lt;name&gt;</c>, or null where there is none: such tests skip.</summary>
    public static string? SharedData(string name) => Shared(Path.Combine("data", name));

    /// <summary>An ancestor's <c>shared/&lt;name&gt;</c>, or null where there is none.</summary>
    public static string? Shared(string name) =>
        Ancestors()
            .Select(folder => Path.Combine(folder, "shared", name))
            .FirstOrDefault(folder => Directory.Exists(folder));

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }
}
