using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Operators;

/// <summary>Who comes near what is for operators, where it is, and that its log lasts.</summary>
public sealed class OperatorAccessTests
{
    private const string Token = OperatorServer.Token;

    [Fact]
    public async Task Should_be_on_a_port_of_its_own_make_guessing_slow_and_remember_across_restarts()
    {
        var port = ChildProcess.FreePort();
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string>
            {
                ["ChatAi__Admin__Token"] = Token,
                ["ChatAi__Admin__Port"] = $"{port}",
                ["ChatAi__Ai__Provider"] = "none",
            }
        );
        var open = new ChatApi(server.Url, Token);
        var operators = new ChatApi(new Uri($"http://127.0.0.1:{port}"), Token);
        foreach (var path in new[] { "/v1/admin/cluster", "/metrics", "/status/" })
        {
            Assert.Equal(404, (await open.RawAsync(HttpMethod.Get, path)).Status);
            Assert.Equal(200, (await operators.RawAsync(HttpMethod.Get, path)).Status);
        }
        Assert.Equal(404, (await operators.RawAsync(HttpMethod.Get, "/v1/me")).Status);
        Assert.Equal(200, (await operators.RawAsync(HttpMethod.Get, "/health/live")).Status);

        var guess = operators.As(Token[..^1] + "x");
        var answers = new List<int>();
        for (var i = 0; i < 12; i++)
            answers.Add((await guess.RawAsync(HttpMethod.Get, "/v1/admin/cluster")).Status);
        Assert.Equal([.. Enumerable.Repeat(401, 10), 429, 429], answers);
        // Who has the token is not kept out by one who has not.
        Assert.Equal(200, (await operators.RawAsync(HttpMethod.Get, "/v1/admin/cluster")).Status);

        await operators.CallAsync(HttpMethod.Put, "/v1/admin/ai", new { enabled = false });
        server.Kill9();
        await server.RestartAsync();
        var entry = Assert.Single(
            (await operators.CallAsync(HttpMethod.Get, "/v1/admin/audit")).GetProperty("entries").EnumerateArray()
        );
        Assert.Equal(
            ("ai.off", "done"),
            (entry.GetProperty("action").GetString(), entry.GetProperty("outcome").GetString())
        );

        var cluster = await operators.CallAsync(HttpMethod.Get, "/v1/admin/cluster");
        var node = cluster.GetProperty("node").GetString();
        await operators.CallAsync(HttpMethod.Post, $"/v1/admin/nodes/{node}/leave");
        await server.WaitForExitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, server.ExitCode);
    }
}
