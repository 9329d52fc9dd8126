using System.Buffers.Binary;
using System.Net.Sockets;

namespace ChatAi.Conformance;

/// <summary>One connection of a client and its counterpart to the server.</summary>
internal sealed class Pipe(Socket client, Socket server, Func<int> closeCode) : IDisposable
{
    private int _leftToServer = int.MaxValue;
    private int _leftToClient = int.MaxValue;
    private volatile bool _swallows;
    private volatile TaskCompletionSource? _stalled;

    public async Task RunAsync()
    {
        var up = PumpAsync(client, server, toServer: true);
        var down = PumpAsync(server, client, toServer: false);
        await await Task.WhenAny(up, down);
        Cut();
        await Task.WhenAll(up, down);
    }

    public void Cut()
    {
        // Linger 0: a reset, as when a middlebox forgets the connection.
        Close(client);
        Close(server);
        Resume();
    }

    public void CutAfter(int bytes, bool toServer)
    {
        if (toServer)
        {
            _leftToServer = bytes;
        }
        else
        {
            _leftToClient = bytes;
        }
    }

    public void SwallowAnswers() => _swallows = true;

    public void Stall() => _stalled ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => Interlocked.Exchange(ref _stalled, null)?.TrySetResult();

    public void Dispose() => Cut();

    private async Task PumpAsync(Socket from, Socket to, bool toServer)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                if (_stalled is { } stalled)
                {
                    await stalled.Task;
                }

                var part = buffer.AsMemory(0, Math.Min(read, toServer ? _leftToServer : _leftToClient));
                if (toServer || !_swallows)
                {
                    await SendAllAsync(to, part);
                }

                if (part.Length < read || (!toServer && await ClosesAsync(part)))
                {
                    return;
                }

                Take(part.Length, toServer);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    /// <summary>After the answer to an upgrade, where a close code was asked for.</summary>
    private async Task<bool> ClosesAsync(ReadOnlyMemory<byte> answer)
    {
        if (!answer.Span.StartsWith("HTTP/1.1 101"u8) || closeCode() is not (> 0 and var code))
        {
            return false;
        }

        var frame = new byte[] { 0x88, 2, 0, 0 };
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)code);
        await SendAllAsync(client, frame);
        client.Shutdown(SocketShutdown.Send);
        return true;
    }

    private void Take(int bytes, bool toServer)
    {
        if (toServer && _leftToServer != int.MaxValue)
        {
            _leftToServer -= bytes;
        }
        else if (!toServer && _leftToClient != int.MaxValue)
        {
            _leftToClient -= bytes;
        }
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes)..];
        }
    }

    private static void Close(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Closed already, or never connected.
        }

        socket.Dispose();
    }
}
