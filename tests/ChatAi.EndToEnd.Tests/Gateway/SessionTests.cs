using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Gateway;

public sealed class SessionTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Should_keep_the_order_of_pipelined_sends_by_to()
    {
        var (ann, bob) = (await server.SignUpAsync("Ann"), await server.SignUpAsync("Bob"));
        await using var a = await ann.ConnectAsync();
        await using var b = await bob.ConnectAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(i => a.SendToAsync(bob.Id, $"{i}")));
        var chat = Assert.Single(answers.Select(answer => answer.Chat).Distinct());
        await b.WaitForMessageAsync(chat, "40");
        var texts = b.Timeline(chat).Where(e => e.Ev == "message.created").Select(e => e.Text);
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), texts);
    }

    [Fact]
    public async Task Should_resume_what_was_missed_in_order()
    {
        await using var others = await server.BystandersAsync();
        var bob = await server.SignUpAsync("Bob");
        var chat = (await others.Ann.CreateChatAsync("group", [bob.Id], "Tea")).Id;
        var first = await bob.ConnectAsync();
        first.Track(chat);
        await others.Ann.SendAsync(chat, "before");
        await first.WaitForMessageAsync(chat, "before");
        first.Abort();
        for (var i = 0; i < 30; i++)
            await others.Ann.SendAsync(chat, $"missed {i}");
        await using var second = await bob.ConnectAsync(new ChatClientOptions(first.Memory));
        Assert.True(second.Hello!.Resume!.Ok);
        Assert.False(second.Hello.Resume.Chats![chat].Limited);
        await second.WaitForMessageAsync(chat, "missed 29");
        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => $"missed {i}"),
            second
                .Timeline(chat)
                .Where(e => e.Text?.StartsWith("missed", StringComparison.Ordinal) ?? false)
                .Select(e => e.Text)
        );
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Should_let_a_client_page_what_is_more_than_200_events()
    {
        var (ann, bob) = (await server.SignUpAsync("Ann"), await server.SignUpAsync("Bob"));
        await using var b = await bob.ConnectAsync();
        var chat = (await b.CreateChatAsync("1_to_1", [ann.Id])).Id;
        for (var i = 0; i < 6; i++)
            await Task.WhenAll(Enumerable.Range(0, 40).Select(n => b.SendAsync(chat, $"{i} {n}")));
        var memory = new ChatMemory { Epoch = b.Hello!.Epoch };
        memory.Chat(chat).StartAfter(0);
        await using var a = await ann.ConnectAsync(new ChatClientOptions(memory));
        var resumed = a.Hello!.Resume!.Chats![chat];
        Assert.Equal((241, true), (resumed.Head, resumed.Limited));
        await a.WaitForSeqAsync(chat, 241);
        Assert.Equal(Enumerable.Range(1, 241).Select(seq => (long?)seq), a.Timeline(chat).Select(e => e.Seq));
    }

    [Fact]
    public async Task Should_leave_out_of_a_resume_what_is_not_the_callers()
    {
        await using var others = await server.BystandersAsync();
        var memory = new ChatMemory { Epoch = others.Ann.Hello!.Epoch };
        memory.Chat(others.Chat).StartAfter(0);
        await using var stranger = await (await server.SignUpAsync("Zoe")).ConnectAsync(new ChatClientOptions(memory));
        Assert.True(stranger.Hello!.Resume!.Ok);
        Assert.Empty(stranger.Hello.Resume.Chats!);
    }

    [Fact]
    public async Task Should_not_resume_another_epoch()
    {
        var ann = await server.SignUpAsync("Ann");
        var memory = new ChatMemory { Epoch = "another" };
        memory.Chat(Guid.CreateVersion7()).StartAfter(4);
        await using var client = await ann.ConnectAsync(new ChatClientOptions(memory));
        Assert.False(client.Hello!.Resume!.Ok);
    }

    [Fact]
    public async Task Should_close_the_sockets_of_a_revoked_device()
    {
        var ann = await server.SignUpAsync("Ann");
        await using var client = await ann.ConnectAsync();
        await ann.Api.LogoutAsync();
        Assert.Equal(4503, (await client.Closed.WaitAsync(TimeSpan.FromSeconds(5))).Code);
        await using var late = await ChatClient.ConnectAsync(server.Url);
        await Assert.ThrowsAnyAsync<Exception>(() => late.HelloAsync(ann.Tokens.AccessToken));
        Assert.Equal(4503, (await late.Closed.WaitAsync(Soon)).Code);
    }

    [Fact]
    public async Task Should_close_what_does_not_answer_pings_with_4002()
    {
        var ann = await server.SignUpAsync("Ann");
        await using var silent = await ann.ConnectAsync(new ChatClientOptions(AnswerPings: false));
        await using var living = await ann.ConnectAsync();
        Assert.Equal(4002, (await silent.Closed.WaitAsync(TimeSpan.FromSeconds(50))).Code);
        await living.ListChatsAsync();
    }

    [Fact]
    public async Task Should_refuse_more_than_64_requests_in_flight()
    {
        var ann = await server.SignUpAsync("Ann");
        await using var raw = await RawSocket.ConnectAsync(server.Url);
        await raw.SendTextAsync($$"""{"id":1,"op":"hello","d":{"token":"{{ann.Tokens.AccessToken}}"} }""");
        await raw.ReceiveTextAsync();
        var chat = Guid.CreateVersion7();
        var frames = Enumerable
            .Range(2, 300)
            .Select(id =>
                System.Text.Encoding.UTF8.GetBytes($$"""{"id":{{id}},"op":"chat.get","d":{"chat":"{{chat}}"} }""")
            )
            .SelectMany(payload => (byte[])[0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload])
            .ToArray();
        await raw.SendRawAsync(frames);
        var answers = new List<string>();
        while (answers.Count < 300)
            answers.Add(await raw.ReceiveTextAsync());
        // Every request has exactly one answer.
        Assert.Equal(300, answers.Select(a => a[..a.IndexOf(',', StringComparison.Ordinal)]).Distinct().Count());
        Assert.All(
            answers,
            a =>
                Assert.True(
                    a.Contains("\"not_found\"", StringComparison.Ordinal)
                        || a.Contains("\"rate_limited\"", StringComparison.Ordinal),
                    a
                )
        );
    }
}
