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
        var final = all.Skip(all.FindLastIndex(i => i.Word == "FROM")).ToList();
        foreach (var problem in all.SelectMany(OfOne).Concat(OfBases(all)).Concat(OfCache(all)).Concat(OfFinal(final)))
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
        var images = all.Where(i => i.Word == "FROM").Select(i => i.Rest.Split(' ')[0]).ToList();
        foreach (var image in images.Select(image => defaults.GetValueOrDefault(image, image)))
            if (image is not (Sdk or Runtime))
                yield return $"FROM: {image} is neither {Sdk} nor {Runtime}.";
        if (images[^1] != Runtime)
            yield return $"FROM: the last stage must be {Runtime}.";
    }

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

    private static IEnumerable<string> OfFinal(List<Instruction> final)
    {
        foreach (var run in final.Where(i => i.Word == "RUN" && Tool().IsMatch(i.Rest)))
            yield return $"RUN: {Tool().Match(run.Rest).Value} in the last stage.";
        var user = final.FindLastIndex(i => i.Word == "USER");
        if (user < 0 || final[user].Rest != "$APP_UID")
            yield return "USER: the program must run as $APP_UID.";
        if (final.FindLastIndex(i => i.Word == "RUN") > user)
            yield return "USER: it comes after the last RUN.";
        var health = final.Find(i => i.Word == "HEALTHCHECK")?.Rest ?? "";
        if (!OwnHealth().IsMatch(health))
            yield return "HEALTHCHECK: the program tells its health itself, as a list.";
        if (!final.Exists(i => i.Word == "ENTRYPOINT"))
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
