using System.Text.RegularExpressions;

namespace ChatAi.Containers.Tests.Files;

/// <summary>What a Dockerfile of this project may hold, so that it builds with any builder and runs unprivileged.</summary>
public static partial class DockerfileRules
{
    private const string Sdk = "mcr.microsoft.com/dotnet/sdk:10.0";
    private const string Runtime = "mcr.microsoft.com/dotnet/aspnet:10.0";

    private sealed record Instruction(string Word, string Rest);

    public static IEnumerable<string> Problems(string dockerfile)
    {
        if (SyntaxLine().IsMatch(dockerfile))
            yield return "A syntax line needs a frontend from a registry.";
        var all = Instructions(dockerfile).ToList();
        var stages = all.Where(i => i.Word == "FROM")
            .Select(from =>
                all.SkipWhile(i => i != from).Skip(1).TakeWhile(i => i.Word != "FROM").Prepend(from).ToList()
            )
            .ToList();
        // What runs is made of the runtime's image; the stages before it are left behind.
        var running = stages.Where(stage => ImageOf(stage[0]) == Runtime).ToList();
        if (running.Count == 0 || running[^1] != stages[^1])
            yield return $"FROM: the last stage must be {Runtime}.";
        foreach (
            var problem in all.SelectMany(OfOne)
                .Concat(OfBases(all))
                .Concat(OfCache(all))
                .Concat(running.SelectMany(OfRunning))
        )
            yield return problem;
    }

    private static IEnumerable<string> OfOne(Instruction i)
    {
        if (i.Rest.Contains("<<", StringComparison.Ordinal))
            yield return $"{i.Word}: a heredoc needs BuildKit.";
        if (BuildKitFlag().IsMatch(i.Rest))
            yield return $"{i.Word}: {BuildKitFlag().Match(i.Rest).Value} needs BuildKit.";
        if (i.Word is "ENV" or "ARG")
            foreach (var name in i.Rest.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries))
                if (DockerFolder.Secret().IsMatch(name))
                    yield return $"{i.Word}: {name} would stay in the image.";
        if (i.Word is "ENTRYPOINT" or "CMD" && !i.Rest.StartsWith('['))
            yield return $"{i.Word}: a shell would swallow SIGTERM; write a list.";
    }

    private static IEnumerable<string> OfBases(List<Instruction> all)
    {
        var defaults = all.Where(i => i.Word == "ARG" && i.Rest.Contains('='))
            .Select(i => i.Rest.Split('=', 2))
            .ToDictionary(pair => $"${{{pair[0]}}}", pair => pair[1]);
        foreach (
            var image in all.Where(i => i.Word == "FROM").Select(ImageOf).Select(i => defaults.GetValueOrDefault(i, i))
        )
            if (image is not (Sdk or Runtime))
                yield return $"FROM: {image} is neither {Sdk} nor {Runtime}.";
    }

    private static string ImageOf(Instruction from) => from.Rest.Split(' ')[0];

    private static IEnumerable<string> OfCache(List<Instruction> all)
    {
        var restore = all.FindIndex(i =>
            i.Word == "RUN" && i.Rest.StartsWith("dotnet restore", StringComparison.Ordinal)
        );
        if (restore < 0)
            yield return "RUN: no step restores the packages.";
        foreach (
            var copy in all.Take(Math.Max(restore, 0))
                .Where(i => i.Word == "COPY" && !i.Rest.StartsWith("--from", StringComparison.Ordinal))
        )
        foreach (var source in copy.Rest.Split(' ')[..^1].Where(source => !DecidesPackages().IsMatch(source)))
            yield return $"COPY: {source} before the restore: a change of it restores everything anew.";
    }

    private static IEnumerable<string> OfRunning(List<Instruction> stage)
    {
        foreach (var run in stage.Where(i => i.Word == "RUN" && Tool().IsMatch(i.Rest)))
            yield return $"RUN: {Tool().Match(run.Rest).Value} in a stage that runs.";
        var user = stage.FindLastIndex(i => i.Word == "USER");
        if (user < 0 || stage[user].Rest != "$APP_UID")
            yield return "USER: the program must run as $APP_UID.";
        if (stage.FindLastIndex(i => i.Word == "RUN") > user)
            yield return "USER: it comes after the last RUN.";
        var health = stage.Find(i => i.Word == "HEALTHCHECK")?.Rest ?? "";
        if (!OwnHealth().IsMatch(health))
            yield return "HEALTHCHECK: the program tells its health itself, as a list.";
        if (!stage.Exists(i => i.Word == "ENTRYPOINT"))
            yield return "ENTRYPOINT is missing.";
    }

    private static IEnumerable<Instruction> Instructions(string dockerfile)
    {
        var lines = dockerfile.Split('\n').Where(line => !line.TrimStart().StartsWith('#'));
        return string.Join('\n', lines)
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries))
            .Select(parts => new Instruction(parts[0].ToUpperInvariant(), parts.Length > 1 ? parts[1] : ""));
    }

    [GeneratedRegex(@"^\s*#\s*syntax\s*=", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex SyntaxLine();

    [GeneratedRegex("--(link|mount|parents|exclude|chmod|start-interval)\\b")]
    private static partial Regex BuildKitFlag();

    [GeneratedRegex(
        @"(\.csproj|\.props|\.targets|global\.json|NuGet\.config)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex DecidesPackages();

    [GeneratedRegex(@"\b(apt-get|apt|apk|curl|wget)\b")]
    private static partial Regex Tool();

    [GeneratedRegex("""CMD \["dotnet", "\w+\.dll", "health"\]$""")]
    private static partial Regex OwnHealth();
}
