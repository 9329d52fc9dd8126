using ChatAi.Bench.Relay;
using ChatAi.Testing;

namespace ChatAi.Bench.Tests;

/// <summary>The client that all outside-in tests use, against the one server that is simple enough to be trusted.</summary>
public sealed class ChatClientTests : IAsyncLifetime
{
    private readonly Guid _ann = Guid.CreateVersion7();
    private readonly Guid _bob = Guid.CreateVersion7();
    private RelayServer _relay = null!;

    public async Task InitializeAsync() => _relay = await RelayServer.StartAsync("http://127.0.0.1:0");

    public async Task DisposeAsync() => await _relay.DisposeAsync();

    [Fact]
    public async Task Should_see_what_the_other_says_in_order()
    {
        await using var ann = await ConnectAsync(_ann);
        await using var bob = await ConnectAsync(_bob);
        var chat = await ann.CreateChatAsync("1_to_1", [_bob]);

        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(i, (await ann.SendAsync(chat.Id, $"line {i}")).Seq);
        }

        await bob.WaitForSeqAsync(chat.Id, 20);
        Assert.Equal(
            Enumerable.Range(1, 20).Select(i => $"line {i}"),
            bob.Timeline(chat.Id).Select(seen => seen.Text!)
        );
        Assert.Equal(_ann, bob.Timeline(chat.Id)[0].Sender);
        Assert.Empty(bob.Strays);
    }

    [Fact]
    public async Task Should_turn_a_refusal_into_its_code()
    {
        await using var ann = await ConnectAsync(_ann);

        var refused = await Assert.ThrowsAsync<ChatErrorException>(() => ann.RequestAsync("typing", new { on = true }));

        Assert.Equal("unsupported", refused.Code);
        Assert.False(refused.Retry);
    }

    [Fact]
    public async Task Should_fail_every_wait_when_the_socket_ends()
    {
        await using var ann = await ConnectAsync(_ann);
        var waiting = ann.WaitForAsync(_ => false);

        ann.Abort();

        await Assert.ThrowsAsync<SocketClosedException>(() => waiting);
        await ann.Closed.WaitAsync(ChatClient.Patience);
        await Assert.ThrowsAsync<SocketClosedException>(() => ann.RequestAsync("hello", new { token = $"{_ann}" }));
    }

    [Fact]
    public async Task Should_ask_once_for_a_hole_and_leave_it_visible_where_nobody_can_fill_it()
    {
        await using var ann = await ConnectAsync(_ann);
        await using var bob = await ConnectAsync(_bob);
        var chat = await ann.CreateChatAsync("1_to_1", [_bob]);
        bob.Track(chat.Id);
        await bob.SendAsync(chat.Id, "the relay does not tell me of my own");

        await ann.SendAsync(chat.Id, "second");
        await ann.SendAsync(chat.Id, "third");

        // The relay has no history, so its refusal of sync.get is what bob gets, and he shows nothing out of order.
        await bob.WaitForStrayAsync(stray => stray.Contains("unsupported", StringComparison.Ordinal));
        Assert.Equal(0, bob.LastSeq(chat.Id));
        Assert.Empty(bob.Timeline(chat.Id));
    }

    private async Task<ChatClient> ConnectAsync(Guid user)
    {
        var client = await ChatClient.ConnectAsync(_relay.Url);
        await client.HelloAsync($"{user}");
        return client;
    }
}
