using System.Net;
using System.Net.WebSockets;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Gateway;

public sealed class UpgradeTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    [Fact]
    public async Task Should_speak_to_clients_that_offer_no_subprotocol()
    {
        var ann = await server.SignUpAsync("Ann");
        await using var client = await ann.ConnectAsync(new ChatClientOptions(Subprotocols: []));
        Assert.Null(client.Subprotocol);
        await using var usual = await ann.ConnectAsync(new ChatClientOptions(Subprotocols: ["x", "chat.v1.json"]));
        Assert.Equal("chat.v1.json", usual.Subprotocol);
    }

    [Fact]
    public async Task Should_agree_to_no_compression()
    {
        using var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await socket.ConnectAsync(
            new UriBuilder(server.Url) { Scheme = "ws", Path = "/v1/ws" }.Uri,
            CancellationToken.None
        );
        Assert.DoesNotContain("Sec-WebSocket-Extensions", socket.HttpResponseHeaders!.Keys);
    }

    [Fact]
    public async Task Should_refuse_clients_that_offer_only_others()
    {
        var refused = await Assert.ThrowsAsync<UpgradeRefusedException>(() =>
            ChatClient.ConnectAsync(server.Url, new ChatClientOptions(Subprotocols: ["chat.v2.json"]))
        );
        Assert.Equal(400, refused.Status);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("own", 0)]
    public async Task Should_check_a_browsers_origin(string origin, int status)
    {
        var own = server.Url.GetLeftPart(UriPartial.Authority);
        var options = new ChatClientOptions(
            Headers: new Dictionary<string, string> { ["Origin"] = origin == "own" ? own : origin }
        );
        if (status == 0)
        {
            await using var client = await ChatClient.ConnectAsync(server.Url, options);
            return;
        }
        var refused = await Assert.ThrowsAsync<UpgradeRefusedException>(() =>
            ChatClient.ConnectAsync(server.Url, options)
        );
        Assert.Equal(status, refused.Status);
    }

    [Fact]
    public async Task Should_take_the_token_from_the_upgrade()
    {
        var ann = await server.SignUpAsync("Ann");
        var headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {ann.Tokens.AccessToken}" };
        await using var client = await ChatClient.ConnectAsync(server.Url, new ChatClientOptions(Headers: headers));
        Assert.Equal(ann.Id, (await client.HelloAsync(null)).User);
        headers["Authorization"] = "Bearer nonsense";
        var refused = await Assert.ThrowsAsync<UpgradeRefusedException>(() =>
            ChatClient.ConnectAsync(server.Url, new ChatClientOptions(Headers: headers))
        );
        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task Should_tell_plain_requests_to_upgrade()
    {
        using var answer = await new ChatApi(server.Url).SendRawAsync(HttpMethod.Get, "/v1/ws");
        Assert.Equal(HttpStatusCode.UpgradeRequired, answer.StatusCode);
    }

    [Fact]
    public async Task Should_say_what_hello_promises()
    {
        var ann = await server.SignUpAsync("Ann");
        await using var client = await ann.ConnectAsync();
        var hello = client.Hello!;
        Assert.Equal((ann.Id, Wire.Assistant), (hello.User, hello.AiUser));
        Assert.Equal((25_000, 10_000), (hello.PingMs, hello.PongMs));
        Assert.Equal((65_536, 16_384, 64), (hello.Limits.Frame, hello.Limits.Text, hello.Limits.Inflight));
        Assert.NotEmpty(hello.Epoch);
        Assert.Null(hello.Resume);
        Assert.Empty(client.Strays);
    }
}
