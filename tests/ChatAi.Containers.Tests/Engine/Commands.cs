using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Engine;

public static class Commands
{
    /// <summary>What the command wrote; a failure is thrown with it.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan within
    )
    {
        var words = arguments.ToList();
        await using var command = ChildProcess.Start(program, words, environment);
        await command.WaitForExitAsync(within);
        return command.ExitCode == 0
            ? string.Join('\n', command.Log)
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', words)} ended with {command.ExitCode}:\n{command.LogTail(40)}"
            );
    }

    public static async Task<int> ExitCodeAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan within
    )
    {
        await using var command = ChildProcess.Start(program, arguments, environment);
        await command.WaitForExitAsync(within);
        return command.ExitCode;
    }
}
