using ChatAi.Testing;

namespace ChatAi.Client.Tests;

public sealed class OneServer : IAsyncLifetime
{
    private ServerProcess? _server;

    public Uri Url => _server!.Url;

    public async Task InitializeAsync() => _server = await ServerProcess.StartAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

/// <summary>The .NET client against a real node.</summary>
public sealed class ClientTests(OneServer server) : IClassFixture<OneServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Should_run_the_first_client_of_the_docs()
    {
        var friend = await TestUser.SignUpAsync(server.Url, "Friend");
        var text = await FirstClient.RunAsync(server.Url, TestUser.NewPhone(), friend.Phone).WaitAsync(Patience);
        Assert.Equal("Hello from .NET", text);
    }

    [Fact]
    public void Should_show_in_the_docs_what_is_run()
    {
        var root = RepositoryRoot.Find();
        var code = Between(
            File.ReadAllText(Path.Combine(root, "tests/ChatAi.Client.Tests/FirstClient.cs")),
            "// <first-client>",
            "// </first-client>"
        );
        var told = Between(File.ReadAllText(Path.Combine(root, "docs/clients.md")), "```csharp", "```");
        Assert.Equal(Lines(code.Replace("return message.Text;", "", StringComparison.Ordinal)), Lines(told));
    }

    [Fact]
    public async Task Should_send_what_was_written_offline_in_order_and_once()
    {
        var (account, peer, chat) = await PairAsync();
        using var _ = account;
        await using var client = new ChatAiClient(account);
        var sends = Enumerable.Range(0, 5).Select(n => client.SendAsync(chat, $"offline {n}")).ToList();
        Assert.All(sends, send => Assert.False(send.IsCompleted));
        client.Start();
        await Task.WhenAll(sends).WaitAsync(Patience);
        var page = await peer.Api.MessagesAsync(chat, after: 0);
        Assert.Equal(Enumerable.Range(0, 5).Select(n => $"offline {n}"), page.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task Should_send_a_file_and_have_it_in_whole_and_from_the_middle()
    {
        var (account, peer, chat) = await PairAsync();
        using var _ = account;
        var bytes = Pictures.Png(30, 20);
        var upload = await account.UploadAsync(new MemoryStream(bytes), "über.png", "image/png");
        Assert.Equal(("über.png", "image/png", 30, 20), (upload.Name, upload.Type, upload.Width, upload.Height));
        await using var client = new ChatAiClient(account);
        client.Start();
        var sent = await client.SendAsync(chat, "", attachments: [upload.Id]).WaitAsync(Patience);
        await foreach (
            var happened in client.EventsAsync().WithCancellation(new CancellationTokenSource(Patience).Token)
        )
        {
            if (happened is ChatEvent { Ev: "message.created" } message && message.Seq == sent.Seq)
            {
                Assert.Equal([upload], message.Attachments);
                break;
            }
        }

        var page = await client.HistoryAsync(chat, limit: 1);
        Assert.Equal([upload], page.Messages[0].Attachments);
        await using (var whole = await account.DownloadAsync(upload.Id))
            Assert.Equal(bytes, await AllAsync(whole));
        await using (var rest = await account.DownloadAsync(upload.Id, from: 10))
            Assert.Equal(bytes[10..], await AllAsync(rest));

        using var refused = new MemoryStream("no picture"u8.ToArray());
        var why = await Assert.ThrowsAsync<ChatAiException>(() => account.UploadAsync(refused, "a.png", "image/png"));
        Assert.Equal("unsupported", why.Code);
        why = await Assert.ThrowsAsync<ChatAiException>(() => account.DownloadAsync(Guid.CreateVersion7()));
        Assert.Equal("not_found", why.Code);
        Assert.Equal(sent.Seq, (await peer.Api.MessagesAsync(chat, after: 0)).Messages[^1].Seq);
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    [Fact]
    public async Task Should_go_on_after_a_restart_where_it_was()
    {
        var (account, peer, chat) = await PairAsync();
        using var _ = account;
        ClientPosition? position;
        await using (var first = new ChatAiClient(account))
        {
            first.Start();
            await peer.Api.SendAsync(chat, "before");
            await ShownAsync(first, "before");
            position = first.Position;
        }

        // More than a resume brings by itself.
        foreach (var number in Enumerable.Range(0, 210))
        {
            await peer.Api.SendAsync(chat, $"missed {number}");
        }

        await using var second = new ChatAiClient(account, new ChatAiClientOptions { Resume = position });
        second.Start();
        var shown = await ShownAsync(second, "missed 209");
        Assert.Equal(
            ["before", .. Enumerable.Range(0, 210).Select(n => $"missed {n}")],
            shown.Prepend("before").Distinct()
        );
        Assert.Equal(210, shown.Count(text => text != "before"));
    }

    [Fact]
    public async Task Should_stop_when_its_device_was_revoked()
    {
        var (account, _, _) = await PairAsync();
        using var _1 = account;
        await using var client = new ChatAiClient(account);
        client.Start();
        await foreach (var happened in client.EventsAsync(new CancellationTokenSource(Patience).Token))
        {
            if (happened is ConnectionChanged { State: ConnectionState.Online })
            {
                await account.SignOutAsync();
            }
            else if (happened is ConnectionChanged { State: ConnectionState.Stopped } stopped)
            {
                Assert.Equal(4503, stopped.CloseCode);
                return;
            }
        }
    }

    [Fact]
    public async Task Should_refuse_more_than_the_outbox_holds()
    {
        var (account, _, chat) = await PairAsync();
        using var _1 = account;
        await using var client = new ChatAiClient(account, new ChatAiClientOptions { OutboxSize = 1 });
        var kept = client.SendAsync(chat, "kept");
        var refused = await Assert.ThrowsAsync<ChatAiException>(() => client.SendAsync(chat, "one too many"));
        Assert.Equal("outbox_full", refused.Code);
        Assert.False(kept.IsCompleted);
    }

    private async Task<(ChatAiAccount Account, TestUser Peer, Guid Chat)> PairAsync()
    {
        var phone = TestUser.NewPhone();
        var code = await ChatAiAccount.RequestCodeAsync(server.Url, phone);
        var account = await ChatAiAccount.SignInAsync(server.Url, phone, code.Code!, "test");
        var peer = await TestUser.SignUpAsync(server.Url, "Peer");
        return (account, peer, (await peer.Api.CreateChatAsync("1_to_1", [account.User!.Id])).Id);
    }

    /// <summary>The texts that the client shows, up to and with the last one.</summary>
    private static async Task<List<string?>> ShownAsync(ChatAiClient client, string last)
    {
        using var late = new CancellationTokenSource(Patience);
        var shown = new List<string?>();
        await foreach (var happened in client.EventsAsync(late.Token))
        {
            if (happened is ChatEvent { Ev: "message.created" } message)
            {
                shown.Add(message.Text);
                if (message.Text == last)
                {
                    break;
                }
            }
        }

        return shown;
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
}
