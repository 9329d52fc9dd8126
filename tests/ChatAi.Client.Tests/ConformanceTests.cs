using ChatAi.Conformance;

namespace ChatAi.Client.Tests;

/// <summary>The .NET client through a hostile network, and a client that such a network must unmask.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public async Task Should_lose_double_and_misplace_nothing()
    {
        var result = await RunAsync("agent", seed: 1);
        Assert.True(
            result.Acts.Count > 3 && result.Seen.Ordered.Count > 20 && result.Seen.Stored.Count > 40,
            Told(result)
        );
        Assert.True(result.Verdict.IsClean, Told(result));
    }

    [Fact]
    public async Task Should_find_what_a_naive_client_does_wrong()
    {
        var result = await RunAsync("naive-agent", seed: 2);
        Assert.True(result.Verdict.Lost.Count + result.Verdict.Doubled.Count > 0, Told(result));
    }

    private static Task<ConformanceResult> RunAsync(string agent, int seed) =>
        ConformanceRun.RunAsync(
            new ConformancePlan(Agents.Own(agent), seed, TimeSpan.FromSeconds(5), Kills: false, TimeSpan.FromSeconds(5))
        );

    private static string Told(ConformanceResult result) =>
        string.Join(
            '\n',
            [.. result.Acts, .. result.Verdict.Lost, .. result.Verdict.Doubled, .. result.Verdict.Misordered]
        );
}
