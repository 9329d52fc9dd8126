using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Cluster;

/// <summary>What a sender knows of one message: it sends until it has the answer.</summary>
public sealed record Attempt(Guid Cid, string Text)
{
    public SendAnswer? Answer { get; set; }
}

/// <summary>
/// A person with one device who sends without pause through the proxy. When the socket breaks, it connects again with what
/// it remembers and sends the unanswered message once more with the same <c>cid</c>.
/// </summary>
public sealed class Talker(TestUser user, Guid chat) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly ChatMemory _memory = AllOf(chat);
    private readonly List<string> _ends = [];
    private ChatClient? _client;

    public TestUser User => user;

    public Guid Chat => chat;

    public List<Attempt> Attempts { get; } = [];

    /// <summary>How each of its sockets ended that did.</summary>
    public IReadOnlyList<string> Ends => _ends;

    public int Acknowledged => Attempts.Count(attempt => attempt.Answer is not null);

    /// <summary>Sends until told to stop, and then until the last message is answered.</summary>
    /// <param name="acknowledged">After each answer.</param>
    public async Task TalkAsync(Action acknowledged, CancellationToken enough, CancellationToken late)
    {
        while (!enough.IsCancellationRequested)
        {
            var attempt = new Attempt(Guid.CreateVersion7(), $"{user.Name} {Attempts.Count}");
            Attempts.Add(attempt);
            attempt.Answer = await AskAsync(client => client.SendAsync(chat, attempt.Text, attempt.Cid), late);
            acknowledged();
            await Task.Delay(Pause, late);
        }
    }

    /// <summary>The socket's view of the chat, complete up to a number.</summary>
    public async Task<IReadOnlyList<ChatEvent>> ViewUpToAsync(long seq, CancellationToken late)
    {
        await AskAsync(
            async client =>
            {
                await client.WaitForSeqAsync(chat, seq);
                return true;
            },
            late
        );
        return _client!.Timeline(chat);
    }

    public Task ConnectAsync(CancellationToken late) => AskAsync(_ => Task.FromResult(true), late);

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
    }

    private static ChatMemory AllOf(Guid chat)
    {
        var memory = new ChatMemory();
        memory.Chat(chat).StartAfter(0);
        return memory;
    }

    private async Task<T> AskAsync<T>(Func<ChatClient, Task<T>> ask, CancellationToken late)
    {
        while (true)
        {
            late.ThrowIfCancellationRequested();
            try
            {
                _client ??= await user.ConnectAsync(new ChatClientOptions(_memory));
                return await ask(_client);
            }
            catch (ChatErrorException again) when (again.Retry)
            {
                await Task.Delay(again.AfterMs ?? 200, late);
            }
            catch (Exception broken) when (broken is not (ChatErrorException or OperationCanceledException))
            {
                await DropAsync(broken);
                await Task.Delay(200, late);
            }
        }
    }

    private async Task DropAsync(Exception broken)
    {
        if (_client is { } client)
        {
            var end = client.Closed.IsCompleted ? (await client.Closed).ToString() : broken.GetType().Name;
            _ends.Add(end);
            await client.DisposeAsync();
        }
        _client = null;
    }
}
