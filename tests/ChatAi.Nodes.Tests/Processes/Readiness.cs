using System.Diagnostics;
using System.Text.Json;

namespace ChatAi.Nodes.Tests.Processes;

/// <summary>What <c>/health/ready</c> of a process says.</summary>
/// <param name="Trouble">Names of the entries that are not healthy, each with its reason.</param>
public sealed record Readiness(bool IsReady, IReadOnlyDictionary<string, string> Trouble)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    public static async Task<Readiness> OfAsync(Uri server)
    {
        using var answer = await Http.GetAsync(new Uri(server, "/health/ready"));
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var trouble = json.GetProperty("entries")
            .EnumerateObject()
            .Where(entry => entry.Value.GetProperty("status").GetString() != "healthy")
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetProperty("reason").GetString()!);
        Assert.Equal(answer.IsSuccessStatusCode, json.GetProperty("status").GetString() == "healthy");
        return new Readiness(answer.IsSuccessStatusCode, trouble);
    }

    /// <summary>Waits until it says what fits; what it said last is in the message when it never does.</summary>
    public static async Task<Readiness> WaitAsync(Uri server, Func<Readiness, bool> fits)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await OfAsync(server);
            if (fits(seen))
                return seen;
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"Last seen: {string.Join("; ", seen.Trouble)}");
            await Task.Delay(100);
        }
    }
}
