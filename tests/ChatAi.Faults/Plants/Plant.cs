using System.Diagnostics;
using ChatAi.Testing;

namespace ChatAi.Faults.Plants;

/// <summary>
/// A bug put into a copy of the sources, to see the checker find it. The product has no switch for it: the copy is
/// changed as text, built elsewhere and thrown away.
/// </summary>
/// <param name="Finds">The rule that must be violated.</param>
/// <param name="Changes">A file, what stands there exactly once, and what stands there instead.</param>
public sealed record Plant(string Name, string Finds, IReadOnlyList<(string File, string From, string To)> Changes)
{
    public static IReadOnlyList<Plant> All { get; } =
    [
        new(
            "ack-before-persist",
            "lost",
            [
                (
                    "src/ChatNode/Chats/ChatActor.cs",
                    "        _inFlight++;\n",
                    "        pending.Sender.Tell(answer);\n        _inFlight++;\n"
                ),
                (
                    "src/ChatNode/Chats/ChatActor.cs",
                    "End();\n                pending.Sender.Tell(answer);\n",
                    "End();\n"
                ),
            ]
        ),
        new(
            "forget-cids",
            "doubled",
            [
                (
                    "src/Shared/Domain/Chats/ChatDecider.Messages.cs",
                    "        if (known is not null)\n            return Repeat(known, send);\n",
                    "        if (known is not null && send.Text.Length == 0)\n            return Repeat(known, send);\n"
                ),
            ]
        ),
    ];

    /// <summary>Builds ChatNode with the bug below this folder and returns its assembly.</summary>
    public async Task<string> BuildAsync(string folder)
    {
        var root = RepositoryRoot.Find();
        foreach (var file in Directory.EnumerateFiles(root))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        CopySources(Path.Combine(root, "src"), Path.Combine(folder, "src"));
        foreach (var (file, from, to) in Changes)
        {
            var path = Path.Combine(folder, file);
            var parts = (await File.ReadAllTextAsync(path)).Split(from);
            if (parts.Length != 2)
                throw new InvalidOperationException($"{Name}: {file} has changed, so that the bug does not fit.");
            await File.WriteAllTextAsync(path, string.Join(to, parts));
        }
        await using var build = ChildProcess.Start(
            "dotnet",
            ["build", "src/ChatNode", "-c", "Release", "-v", "quiet", "--nologo", "-p:LlamaNatives=false"],
            workingDirectory: folder
        );
        await build.WaitForExitAsync(TimeSpan.FromMinutes(10));
        if (build.ExitCode != 0)
            throw new UnreachableException($"{Name} does not build:\n{build.LogTail()}");
        return Path.Combine(folder, "src/ChatNode/bin/Release/net10.0/ChatNode.dll");
    }

    private static void CopySources(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from))
            if (Path.GetFileName(folder) is not ("bin" or "obj"))
                CopySources(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
