using System.Diagnostics;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>The limits that other tests switch off.</summary>
public sealed class LimitsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static Task<ServerProcess> StartAsync(params (string Key, string Value)[] settings) =>
        ServerProcess.StartAsync(settings.ToDictionary(s => $"ChatAi__{s.Key}", s => s.Value));

    [Fact]
    public async Task Should_limit_the_rate_of_a_user_over_all_sockets()
    {
        await using var server = await StartAsync(
            ("RateLimit__MessagesPerSecond", "5"),
            ("RateLimit__Burst", "10"),
            ("RateLimit__SearchesPerSecond", "1"),
            ("RateLimit__SearchBurst", "2")
        );
        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        await using var one = await ann.ConnectAsync();
        await using var two = await ann.ConnectAsync();
        var clock = Stopwatch.StartNew();
        var chat = (await one.SendToAsync(Wire.Assistant, "hello")).Chat;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => TryAsync(i % 2 == 0 ? one : two, chat)));
        var refused = outcomes.OfType<ChatErrorException>().ToList();
        // The first message took one of the burst; what time has added since is allowed for.
        Assert.InRange(outcomes.Length - refused.Count, 9, 10 + (int)(5 * clock.Elapsed.TotalSeconds));
        Assert.All(refused, r => Assert.Equal(("rate_limited", true), (r.Code, r.Retry)));
        Assert.All(refused, r => Assert.InRange(r.AfterMs!.Value, 1, 1_000));
        await Task.Delay(refused[0].AfterMs!.Value + 200);
        await one.SendAsync(chat, "after the pause");

        var search = () => ann.Api.CallAsync(HttpMethod.Get, "/v1/search?q=pause");
        await one.RequestAsync("search", new { q = "pause" });
        var searches = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i => CodeOfAsync(i % 2 == 0 ? search : () => two.RequestAsync("search", new { q = "pause" })))
        );
        Assert.Contains("rate_limited", searches);
        Assert.InRange(searches.Count(code => code is null), 1, 2 + (int)clock.Elapsed.TotalSeconds);

        static async Task<string?> CodeOfAsync(Func<Task> call)
        {
            try
            {
                await call();
                return null;
            }
            catch (ChatErrorException refused)
            {
                return refused.Code;
            }
        }

        static async Task<object> TryAsync(ChatClient client, Guid chat)
        {
            try
            {
                return await client.SendAsync(chat, "x");
            }
            catch (ChatErrorException refused)
            {
                return refused;
            }
        }
    }

    [Fact]
    public async Task Should_limit_the_sockets_of_a_user_and_of_an_address()
    {
        await using var server = await StartAsync(
            ("Limits__ConnectionsPerUser", "2"),
            ("Limits__ConnectionsPerAddress", "4")
        );
        var (ann, bob) = (await TestUser.SignUpAsync(server.Url, "Ann"), await TestUser.SignUpAsync(server.Url, "Bob"));
        await using var one = await ann.ConnectAsync();
        await using var two = await ann.ConnectAsync();
        await using var three = await ChatClient.ConnectAsync(server.Url);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => three.HelloAsync(ann.Tokens.AccessToken));
        Assert.True(refused is ChatErrorException { Code: "quota_exceeded" } or SocketClosedException, refused.Message);
        Assert.Equal(4506, (await three.Closed.WaitAsync(Soon)).Code);
        await using var four = await ConnectWhenFreeAsync(bob);
        await using var five = await ConnectWhenFreeAsync(bob);
        await using var six = await ChatClient.ConnectAsync(server.Url);
        Assert.Equal(4506, (await six.Closed.WaitAsync(Soon)).Code);
        await four.ListChatsAsync();

        // A place is free when the server has seen the end of the socket before, a moment after the client.
        async Task<ChatClient> ConnectWhenFreeAsync(TestUser user)
        {
            while (true)
            {
                var client = await ChatClient.ConnectAsync(server.Url);
                try
                {
                    await client.HelloAsync(user.Tokens.AccessToken);
                    return client;
                }
                catch (SocketClosedException)
                {
                    await client.DisposeAsync();
                }
            }
        }
    }

    [Fact]
    public async Task Should_close_with_4501_when_the_token_expires_unless_it_was_refreshed()
    {
        await using var server = await StartAsync(("Auth__AccessTokenSeconds", "8"));
        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        await using var lapsing = await ann.ConnectAsync();
        await using var lasting = await ann.ConnectAsync();
        var fresh = await ann.Api.RefreshAsync(ann.Tokens.RefreshToken);
        await lasting.RequestAsync("token.refresh", new { token = fresh.AccessToken });
        var refreshed = DateTimeOffset.UtcNow;
        Assert.Equal(4501, (await lapsing.Closed.WaitAsync(Soon)).Code);
        Assert.Equal(4501, (await lasting.Closed.WaitAsync(Soon)).Code);
        Assert.True(DateTimeOffset.UtcNow - refreshed > TimeSpan.FromSeconds(2));
        await using var late = await ChatClient.ConnectAsync(server.Url);
        var refused = await Assert.ThrowsAsync<ChatErrorException>(() => late.HelloAsync(ann.Tokens.AccessToken));
        Assert.Equal("token_expired", refused.Code);
        Assert.Equal(4501, (await late.Closed.WaitAsync(Soon)).Code);
    }

    [Fact]
    public async Task Should_tell_clients_to_go_elsewhere_when_the_server_ends()
    {
        await using var server = await StartAsync();
        var ann = await TestUser.SignUpAsync(server.Url, "Ann");
        await using var client = await ann.ConnectAsync();
        server.Terminate();
        var drain = await client.WaitForAsync(e => e.Ev == "drain");
        Assert.True(drain.Field("within_ms")!.Value.GetInt32() > 0);
        Assert.Equal(4001, (await client.Closed.WaitAsync(Soon)).Code);
        await server.WaitForExitAsync(Soon);
        Assert.Equal(0, server.ExitCode);
    }
}
