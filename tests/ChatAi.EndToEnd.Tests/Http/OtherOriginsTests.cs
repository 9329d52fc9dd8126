using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

/// <summary>A web client that another server serves.</summary>
public sealed class OtherOriginsTests
{
    private const string Friend = "https://chat.example.org";

    [Fact]
    public async Task Should_let_pages_of_configured_origins_call_and_connect_and_no_others()
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Auth__Origins"] = $"https://other.example.org, {Friend}" }
        );
        var ada = await TestUser.SignUpAsync(server.Url, "Ada");

        var allowed = await PreflightAsync(server, Friend);
        Assert.Equal(Friend, allowed.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("authorization", allowed.Headers["Access-Control-Allow-Headers"], StringComparison.Ordinal);
        Assert.Contains("PATCH", allowed.Headers["Access-Control-Allow-Methods"], StringComparison.Ordinal);
        Assert.False(allowed.Headers.ContainsKey("Access-Control-Allow-Credentials"));
        var refused = await PreflightAsync(server, "https://evil.example.org");
        Assert.False(refused.Headers.ContainsKey("Access-Control-Allow-Origin"));

        // A refusal, too, must be readable for the page.
        var problem = await CallAsync(server, Friend);
        Assert.Equal((401, "unauthenticated"), (problem.Status, problem.Code));
        Assert.Equal(Friend, problem.Headers["Access-Control-Allow-Origin"]);

        await using var socket = await ada.ConnectAsync(Origin(Friend));
        var evil = await Assert.ThrowsAsync<UpgradeRefusedException>(() =>
            ada.ConnectAsync(Origin("https://evil.example.org"))
        );
        Assert.Equal(403, evil.Status);
    }

    private static ChatClientOptions Origin(string origin) =>
        new(Headers: new Dictionary<string, string> { ["Origin"] = origin });

    private static Task<RawAnswer> PreflightAsync(ServerProcess server, string origin) =>
        SendAsync(
            server,
            HttpMethod.Options,
            ("Origin", origin),
            ("Access-Control-Request-Method", "PATCH"),
            ("Access-Control-Request-Headers", "authorization,content-type")
        );

    private static Task<RawAnswer> CallAsync(ServerProcess server, string origin) =>
        SendAsync(server, HttpMethod.Get, ("Origin", origin));

    private static async Task<RawAnswer> SendAsync(
        ServerProcess server,
        HttpMethod method,
        params (string Name, string Value)[] headers
    )
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(method, new Uri(server.Url, "/v1/me"));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request);
        return await RawAnswer.OfAsync(answer);
    }
}
