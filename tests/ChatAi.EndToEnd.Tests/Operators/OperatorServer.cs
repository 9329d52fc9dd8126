using System.Text.Json;
using ChatAi.EndToEnd.Tests.Http;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Operators;

/// <summary>A server with an operators' token and no assistant.</summary>
public sealed class OperatorServer : IAsyncLifetime
{
    public const string Token = "operators-only-0123456789";

    private ServerProcess? _server;

    public ServerProcess Process => _server ?? throw new InvalidOperationException("The server is not up.");

    public ChatApi Admin => new(Process.Url, Token);

    public async Task InitializeAsync() =>
        _server = await ServerProcess.StartAsync(
            new Dictionary<string, string> { ["ChatAi__Admin__Token"] = Token, ["ChatAi__Ai__Provider"] = "none" }
        );

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public Task<JsonElement> GetAsync(string path) => Admin.CallAsync(HttpMethod.Get, $"/v1/admin/{path}");

    public Task<RawAnswer> RawAsync(HttpMethod method, string path) => Admin.RawAsync(method, $"/v1/admin/{path}");

    /// <summary>The only member of the cluster.</summary>
    public async Task<JsonElement> MemberAsync() =>
        Assert.Single((await GetAsync("cluster")).GetProperty("members").EnumerateArray());

    /// <summary>Asks until the answer fits: what is asked for lags a moment behind.</summary>
    public async Task<JsonElement> EventuallyAsync(string path, Func<JsonElement, bool> fits)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var answer = await GetAsync(path);
            if (fits(answer))
                return answer;
            Assert.True(clock.Elapsed < ChatClient.Patience, $"{path} still says {answer}");
            await Task.Delay(100);
        }
    }
}
