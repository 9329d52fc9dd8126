using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Hosting.Database;

namespace ChatAi.ChatNode.Hosting;

/// <summary>
/// <c>ChatNode epoch</c> prints the epoch; <c>ChatNode epoch new</c> begins another, for a journal that was restored
/// from a backup: clients then load anew.
/// </summary>
public static class EpochCommand
{
    public static async Task<int> RunAsync(ChatAiOptions options, string? connectionString, string[] words)
    {
        if (words is not ([] or ["new"]))
        {
            await Console.Error.WriteLineAsync("Usage: ChatNode epoch [new]");
            return 2;
        }
        await Console.Out.WriteLineAsync(await EpochAsync(options, connectionString, anew: words.Length > 0));
        return 0;
    }

    private static async Task<string> EpochAsync(ChatAiOptions options, string? connectionString, bool anew)
    {
        if (options.Database != "postgres")
            return anew ? FileEpoch.Renew(options.DataDir) : new FileEpoch(options.DataDir).Value;
        var epoch = new PostgresEpoch(connectionString!);
        return anew ? await epoch.RenewAsync(CancellationToken.None) : await epoch.CurrentAsync(CancellationToken.None);
    }
}
