using System.Text.RegularExpressions;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Backup;

/// <summary>Runs what docs/operations.md tells operators to type: the block that follows a mark with this name.</summary>
public static partial class DocumentedCommands
{
    [GeneratedRegex(@"<!-- drill: (?<name>[a-z-]+) -->\s*```sh\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <param name="user">Who types it, where the tests run as root; null for whoever runs them.</param>
    public static async Task RunAsync(string name, IReadOnlyDictionary<string, string> environment, string? user = null)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Find(), "docs", "operations.md"));
        var commands = Assert.Single(Block().Matches(page), block => block.Groups["name"].Value == name).Groups[
            "commands"
        ];
        string[] shellCommand = ["sh", "-euc", commands.Value];
        string[] words =
            user is not null && System.Environment.UserName == "root"
                ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", .. shellCommand]
                : shellCommand;
        await using var shell = ChildProcess.Start(words[0], words[1..], environment, workingDirectory: "/");
        await shell.WaitForExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(shell.ExitCode == 0, $"{name} ended with {shell.ExitCode}:\n{shell.LogTail()}");
    }
}
