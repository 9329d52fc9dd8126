using System.Collections.Concurrent;
using ChatAi.Testing;

namespace ChatAi.EndToEnd.Tests.Backup;

/// <summary>Two people who talk before, while and after a backup is made, and remember what was acknowledged when.</summary>
public sealed class Talk
{
    private readonly TestUser _ann;
    private readonly TestUser _bob;
    private readonly Guid _chat;
    private readonly ChatMemory _memory;
    private readonly ConcurrentQueue<SendAnswer> _during = new();
    private readonly List<SendAnswer> _before = [];
    private readonly List<(SendAnswer Answer, Guid Cid)> _after = [];

    private Talk(TestUser ann, TestUser bob, Guid chat, ChatMemory memory) =>
        (_ann, _bob, _chat, _memory) = (ann, bob, chat, memory);

    public static async Task<Talk> StartAsync(Uri server)
    {
        var (ann, bob) = (await TestUser.SignUpAsync(server, "Ann"), await TestUser.SignUpAsync(server, "Bob"));
        await using var socket = await bob.ConnectAsync();
        var chat = (await socket.CreateChatAsync("1_to_1", [ann.Id])).Id;
        var talk = new Talk(ann, bob, chat, socket.Memory);
        for (var i = 0; i < 30; i++)
            talk._before.Add(await ann.Api.SendAsync(chat, $"before {i}"));
        await socket.WaitForMessageAsync(chat, "before 29");
        return talk;
    }

    /// <summary>People do not stop for it; when it is done they go on for a while.</summary>
    public async Task BackUpAsync(Func<Task> backUp)
    {
        using var stop = new CancellationTokenSource();
        var talking = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TalkOnAsync(stop.Token)));
        while (_during.Count < 20)
            await Task.Delay(5);
        await backUp();
        await stop.CancelAsync();
        await talking;
        for (var i = 0; i < 20; i++)
        {
            var cid = Guid.CreateVersion7();
            _after.Add((await _bob.Api.SendAsync(_chat, $"after {i}", cid), cid));
        }
    }

    public async Task CheckAsync(Uri server)
    {
        var (ann, bob) = (_ann with { Server = server }, _bob with { Server = server });
        await using var client = await bob.ConnectAsync(new ChatClientOptions(_memory));
        Assert.False(client.Hello!.Resume!.Ok);

        var messages = await AllAsync(bob);
        // The chat's creation has the first number.
        Assert.Equal(Enumerable.Range(2, messages.Count).Select(seq => (long)seq), messages.Select(m => m.Seq));
        Assert.Equal(_before.Select(m => m.Msg), messages.Take(_before.Count).Select(m => m.Msg));
        var (during, restored) = (_during.OrderBy(m => m.Seq).ToList(), messages.Count - _before.Count);
        Assert.InRange(restored, 0, during.Count);
        Assert.Equal(during.Take(restored).Select(m => m.Msg), messages.Skip(_before.Count).Select(m => m.Msg));

        // What was lost may be said again, under its own id, and gets the next number.
        var (lost, cid) = _after[0];
        var again = await bob.Api.SendAsync(_chat, "after 0", cid);
        Assert.False(again.Dup);
        Assert.NotEqual(lost.Msg, again.Msg);
        Assert.Equal(messages[^1].Seq + 1, again.Seq);
        Assert.Equal(again.Msg, (await AllAsync(ann))[^1].Msg);
    }

    private async Task TalkOnAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            _during.Enqueue(await _ann.Api.SendAsync(_chat, $"during {_during.Count}"));
    }

    private async Task<List<MessageInfo>> AllAsync(TestUser user)
    {
        var all = new List<MessageInfo>();
        MessagePage page;
        do
        {
            page = await user.Api.MessagesAsync(_chat, before: all.Count == 0 ? null : all[0].Seq, limit: 100);
            all.InsertRange(0, page.Messages.OrderBy(m => m.Seq));
        } while (page.HasMore);
        return all;
    }
}
