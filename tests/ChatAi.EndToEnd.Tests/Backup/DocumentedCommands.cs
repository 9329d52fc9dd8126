using System.Text.RegularExpressions;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Backup;

/// <summary>Runs what docs/operations.md tells operators to type: the block that follows a mark with this name.</summary>
public static partial class DocumentedCommands
{
    [GeneratedRegex(@"<!-- drill: (?<name>[a-z-]+) -->\s*```sh\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    public static async Task RunAsync(string name, IReadOnlyDictionary<string, string> environment)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), "docs", "operations.md"));
        var commands = Assert.Single(Block().Matches(page), block => block.Groups["name"].Value == name).Groups[
            "commands"
        ];
        await using var shell = ChildProcess.Start("sh", ["-euc", commands.Value], environment);
        await shell.WaitForExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(shell.ExitCode == 0, $"{name} ended with {shell.ExitCode}:\n{shell.LogTail()}");
    }
}
