using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>Clients that stop reading, on a server of their own.</summary>
public sealed class SlowReaderTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    [Fact]
    public async Task Should_close_a_slow_reader_with_4008_and_disturb_nobody()
    {
        await using var others = await server.BystandersAsync();
        var slow = await server.SignUpAsync("Slow");
        await using var raw = await RawSocket.ConnectAsync(server.Url, receiveBuffer: 4096);
        await raw.SendTextAsync($$"""{"id":1,"op":"hello","d":{"token":"{{slow.Tokens.AccessToken}}"} }""");
        await raw.ReceiveTextAsync();
        var chat = (await others.Ann.CreateChatAsync("group", [slow.Id], "Flood")).Id;

        // More than the socket's buffers and the outbox hold, while nobody reads.
        var text = new string('x', 16_000);
        var sent = 0L;
        for (var i = 0; i < 400; i++)
        {
            sent = (await others.Ann.SendAsync(chat, text)).Seq;
            // It does not read, so it sees no ping; but it is there.
            if (i % 20 == 0)
                await raw.SendTextAsync("{}");
        }
        await others.ShouldStillTalkAsync();
        await Task.Delay(TimeSpan.FromSeconds(11));
        for (var i = 0; i < 20; i++)
            await others.ShouldStillTalkAsync();

        Assert.Equal(4008, await raw.CloseCodeAsync());
        // Nothing is lost: the journal has it.
        await using var again = await slow.ConnectAsync();
        var page = await again.RequestAsync("sync.get", new { chat, after = sent - 5 });
        Assert.Equal(sent, page.GetProperty("head").GetInt64());
        Assert.Equal(5, page.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Should_tell_a_reader_that_catches_up_where_to_pull_from()
    {
        await using var others = await server.BystandersAsync();
        var late = await server.SignUpAsync("Late");
        await using var raw = await RawSocket.ConnectAsync(server.Url, receiveBuffer: 4096);
        await raw.SendTextAsync($$"""{"id":1,"op":"hello","d":{"token":"{{late.Tokens.AccessToken}}"} }""");
        await raw.ReceiveTextAsync();
        var chat = (await others.Ann.CreateChatAsync("group", [late.Id], "Flood")).Id;
        var text = new string('x', 16_000);
        var sent = 0L;
        for (var i = 0; i < 400; i++)
            sent = (await others.Ann.SendAsync(chat, text)).Seq;

        string frame;
        do frame = await raw.ReceiveTextAsync();
        while (!frame.StartsWith("""{"ev":"inbox",""", StringComparison.Ordinal));
        Assert.Contains($"\"chat\":\"{chat}\"", frame, StringComparison.Ordinal);
        Assert.Contains("\"unread\":", frame, StringComparison.Ordinal);

        // It reads again, so it stays, and asks for the rest.
        await raw.SendTextAsync($$"""{"id":2,"op":"sync.get","d":{"chat":"{{chat}}","after":{{sent - 1}}} }""");
        do frame = await raw.ReceiveTextAsync();
        while (!frame.StartsWith("""{"re":2,"ok":{"events":[{"ev":"message.created",""", StringComparison.Ordinal));
    }
}
