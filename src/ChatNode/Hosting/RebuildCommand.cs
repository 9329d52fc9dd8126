using ChatAi.ChatNode.Projections;

namespace ChatAi.ChatNode.Hosting;

/// <summary><c>ChatNode rebuild</c>: makes the read tables anew from the journal. The service must not run meanwhile.</summary>
public static class RebuildCommand
{
    public static async Task<int> RunAsync(ChatAiOptions options, string? connectionString)
    {
        var progress = new Progress<long>(events => Console.Error.WriteLine($"{events} events"));
        var events = await ReadModelHosting.RebuildAsync(options, connectionString, progress, CancellationToken.None);
        await Console.Out.WriteLineAsync($"The read tables hold {events} events of the journal.");
        return 0;
    }
}
