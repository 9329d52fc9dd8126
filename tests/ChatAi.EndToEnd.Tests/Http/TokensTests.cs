using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Http;

[Collection(HttpServer.Collection)]
public sealed class TokensTests(HttpServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    public async Task Should_refuse_what_is_no_token(string? token)
    {
        var answer = await server.Api.As(token).RawAsync(HttpMethod.Get, "/v1/me");
        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_a_token_that_was_changed()
    {
        var token = (await server.SignUpAsync("Ada")).Tokens.AccessToken;
        var other = (await server.SignUpAsync("Bob")).Tokens.AccessToken;
        var (a, b) = (token.Split('.'), other.Split('.'));
        var answer = await server.Api.As($"{a[0]}.{b[1]}.{a[2]}").RawAsync(HttpMethod.Get, "/v1/me");
        Assert.Equal("unauthenticated", answer.Code);
    }

    [Fact]
    public async Task Should_say_when_a_token_has_expired()
    {
        await using var quick = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Auth__AccessTokenSeconds"] = "2" }
        );
        var ada = await TestUser.SignUpAsync(quick.Url, "Ada");
        RawAnswer answer;
        var late = DateTimeOffset.UtcNow.AddSeconds(20);
        do answer = await ada.Api.RawAsync(HttpMethod.Get, "/v1/me");
        while (answer.Status == 200 && DateTimeOffset.UtcNow < late);
        Assert.Equal((401, "token_expired"), (answer.Status, answer.Code));
        // The refresh token outlives it.
        var next = await new ChatApi(quick.Url).RefreshAsync(ada.Tokens.RefreshToken);
        Assert.Equal(ada.Id, (await ada.Api.As(next.AccessToken).MeAsync()).Id);
    }

    [Fact]
    public async Task Should_give_a_new_pair_for_each_refresh_token()
    {
        var ada = await server.SignUpAsync("Ada");
        var tokens = ada.Tokens;
        for (var i = 0; i < 3; i++)
        {
            var next = await server.Api.RefreshAsync(tokens.RefreshToken);
            Assert.NotEqual(tokens.RefreshToken, next.RefreshToken);
            Assert.Equal(ada.Id, (await server.Api.As(next.AccessToken).MeAsync()).Id);
            tokens = next;
        }
        Assert.Single((await server.Api.As(tokens.AccessToken).DevicesAsync()).Devices);
    }

    [Fact]
    public async Task Should_sign_the_device_out_when_a_used_refresh_token_comes_back()
    {
        var ada = await server.SignUpAsync("Ada");
        var next = await server.Api.RefreshAsync(ada.Tokens.RefreshToken);
        await using var socket = await ChatClient.ConnectAsync(server.Url);
        await socket.HelloAsync(next.AccessToken);

        var stolen = await RawCalls.RefusedAsync(() => server.Api.RefreshAsync(ada.Tokens.RefreshToken));
        Assert.Equal(("unauthenticated", 401), (stolen.Code, stolen.Status));

        Assert.Equal(4503, (await socket.Closed.WaitAsync(Soon)).Code);
        await AssertSignedOutAsync(server.Api.As(next.AccessToken));
        var after = await RawCalls.RefusedAsync(() => server.Api.RefreshAsync(next.RefreshToken));
        Assert.Equal("unauthenticated", after.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("r1.AAAA")]
    public async Task Should_refuse_what_is_no_refresh_token(string token) =>
        Assert.Equal("unauthenticated", (await RawCalls.RefusedAsync(() => server.Api.RefreshAsync(token))).Code);

    [Fact]
    public async Task Should_end_tokens_and_sockets_at_logout_but_not_those_of_other_devices()
    {
        var phone = await server.SignUpAsync("Ada");
        var laptop = await TestUser.SignUpAsync(server.Url, "Ada", phone.Phone, "laptop");
        await using var phoneSocket = await phone.ConnectAsync();
        await using var laptopSocket = await laptop.ConnectAsync();

        var answer = await phone.Api.RawAsync(HttpMethod.Post, "/v1/auth/logout");

        Assert.Equal(204, answer.Status);
        Assert.Equal(4503, (await phoneSocket.Closed.WaitAsync(Soon)).Code);
        await AssertSignedOutAsync(phone.Api);
        Assert.Equal(
            "unauthenticated",
            (await RawCalls.RefusedAsync(() => server.Api.RefreshAsync(phone.Tokens.RefreshToken))).Code
        );
        Assert.Equal(phone.Id, (await laptop.Api.MeAsync()).Id);
        await laptopSocket.RequestAsync("chat.list", new { });
    }

    [Fact]
    public async Task Should_list_devices_and_revoke_another_one()
    {
        var phone = await server.SignUpAsync("Ada");
        var laptop = await TestUser.SignUpAsync(server.Url, "Ada", phone.Phone, "laptop");
        var devices = (await laptop.Api.DevicesAsync()).Devices;
        Assert.Equal(["test", "laptop"], devices.Select(d => d.Name));
        Assert.Equal([false, true], devices.Select(d => d.Current));
        await using var socket = await phone.ConnectAsync();

        await laptop.Api.RevokeDeviceAsync(devices[0].Id);

        Assert.Equal(4503, (await socket.Closed.WaitAsync(Soon)).Code);
        await AssertSignedOutAsync(phone.Api);
        Assert.Single((await laptop.Api.DevicesAsync()).Devices);
        var again = await RawCalls.RefusedAsync(() => laptop.Api.RevokeDeviceAsync(devices[0].Id));
        Assert.Equal(("not_found", 404), (again.Code, again.Status));
    }

    [Fact]
    public async Task Should_not_revoke_a_device_of_somebody_else()
    {
        var ada = await server.SignUpAsync("Ada");
        var bob = await server.SignUpAsync("Bob");
        var device = (await ada.Api.DevicesAsync()).Devices.Single().Id;
        Assert.Equal("not_found", (await RawCalls.RefusedAsync(() => bob.Api.RevokeDeviceAsync(device))).Code);
        Assert.Equal(ada.Id, (await ada.Api.MeAsync()).Id);
    }

    [Fact]
    public async Task Should_keep_secrets_readable_by_their_owner_only()
    {
        var secrets = Path.Combine(server.Process.DataDir, "secrets");
        await server.SignUpAsync("Ada");
        Assert.NotEmpty(Directory.GetFiles(secrets));
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode others =
            UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite
            | UnixFileMode.OtherExecute;
        foreach (var path in Directory.GetFiles(secrets).Append(secrets))
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others);
    }

    private static async Task AssertSignedOutAsync(ChatApi api)
    {
        var answer = await api.RawAsync(HttpMethod.Get, "/v1/me");
        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
    }
}
