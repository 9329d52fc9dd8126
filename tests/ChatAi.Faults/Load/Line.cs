using System.Net.WebSockets;
using ChatAi.Faults.Records;
using ChatAi.Testing;

namespace ChatAi.Faults.Load;

/// <summary>
/// One person's connection, through all reconnects: resumes on the next node when one is gone, and asks again what was
/// not answered or refused with <c>retry</c>.
/// </summary>
public sealed class Line(TestUser user, Doors doors, int door, Ledger ledger, ChatMemory memory) : IAsyncDisposable
{
    // A client that hears nothing for so long tries elsewhere: shorter than a real one's, so that faults show.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ChatClient? _client;
    private int _door = door;

    public TestUser User => user;

    /// <summary>Breaks off and goes on some doors further.</summary>
    public async Task MoveAsync(int hop)
    {
        _door += hop;
        if (_client is { } client)
            await DropAsync(client);
    }

    /// <summary>Asks until there is an <c>ok</c>.</summary>
    /// <exception cref="ChatErrorException">A refusal that says not to try again.</exception>
    public async Task<T> AskAsync<T>(string op, object d, CancellationToken giveUp)
    {
        var since = ledger.Now;
        while (true)
        {
            var client = await ConnectAsync(giveUp);
            try
            {
                var answer = await client.RequestAsync<T>(op, d);
                ledger.Waited(user.Id, since);
                return answer;
            }
            catch (ChatErrorException refused) when (refused.Retry)
            {
                ledger.Refused(refused.Code);
                await Task.Delay(Math.Clamp(refused.AfterMs ?? 200, 50, 2_000), giveUp);
            }
            catch (Exception lost) when (IsLoss(lost))
            {
                await DropAsync(client);
            }
        }
    }

    /// <summary>A client that has said hello, the one there is or a new one on the next door that opens.</summary>
    public async Task<ChatClient> ConnectAsync(CancellationToken giveUp)
    {
        await _connecting.WaitAsync(giveUp);
        try
        {
            while (true)
            {
                if (_client is { } open)
                {
                    if (!open.Closed.IsCompleted)
                        return open;
                    await DropAsync(open);
                }
                giveUp.ThrowIfCancellationRequested();
                if (await TryConnectAsync() is { } client)
                    return _client = client;
                _door++;
                await Task.Delay(100, giveUp);
            }
        }
        finally
        {
            _connecting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        _connecting.Dispose();
    }

    /// <summary>The socket, the answer or the way to the node was lost; nobody knows what became of the request.</summary>
    public static bool IsLoss(Exception e) =>
        e
            is SocketClosedException
                or TimeoutException
                or WebSocketException
                or OperationCanceledException
                or ObjectDisposedException
                or UpgradeRefusedException;

    private async Task<ChatClient?> TryConnectAsync()
    {
        var options = new ChatClientOptions(
            memory,
            Patience: Patience,
            Received: durable => ledger.Saw(user.Id, durable)
        );
        ChatClient? client = null;
        try
        {
            client = await ChatClient.ConnectAsync(doors.At(_door), options);
            await client.HelloAsync(user.Tokens.AccessToken);
            return client;
        }
        catch (Exception failed) when (IsLoss(failed) || failed is ChatErrorException { Retry: true })
        {
            if (failed is ChatErrorException refused)
                ledger.Refused(refused.Code);
            if (client is not null)
                await client.DisposeAsync();
            return null;
        }
    }

    private async Task DropAsync(ChatClient client)
    {
        if (client.Closed.IsCompleted)
            ledger.Closed((await client.Closed).Code);
        await client.DisposeAsync();
        if (_client == client)
            _client = null;
        _door++;
    }
}
