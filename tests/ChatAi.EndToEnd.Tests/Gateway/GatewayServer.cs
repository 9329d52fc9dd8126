using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>One server for the tests of the gateway, and two people who are not disturbed by what the tests do to it.</summary>
public sealed class GatewayServer : IAsyncLifetime
{
    private ServerProcess? _server;

    public Uri Url => _server!.Url;

    public ServerProcess Process => _server!;

    public async Task InitializeAsync() => _server = await ServerProcess.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public Task<TestUser> SignUpAsync(string name) => TestUser.SignUpAsync(Url, name);

    /// <summary>Two people in a chat; whatever else happens, a message must get through between them.</summary>
    public async Task<Bystanders> BystandersAsync()
    {
        var (ann, bob) = (await SignUpAsync("Ann"), await SignUpAsync("Bob"));
        var (a, b) = (await ann.ConnectAsync(), await bob.ConnectAsync());
        var chat = (await a.CreateChatAsync("1_to_1", [bob.Id])).Id;
        return new Bystanders(a, b, chat);
    }
}

public sealed record Bystanders(ChatClient Ann, ChatClient Bob, Guid Chat) : IAsyncDisposable
{
    public async Task ShouldStillTalkAsync()
    {
        var text = $"still here {Guid.CreateVersion7()}";
        await Ann.SendAsync(Chat, text);
        await Bob.WaitForMessageAsync(Chat, text);
    }

    public async ValueTask DisposeAsync()
    {
        await Ann.DisposeAsync();
        await Bob.DisposeAsync();
    }
}
