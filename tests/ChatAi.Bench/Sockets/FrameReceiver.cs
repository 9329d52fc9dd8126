using System.Net.WebSockets;

namespace ChatAi.Bench.Sockets;

/// <summary>Reads whole text frames into one buffer that grows and is used again.</summary>
public sealed class FrameReceiver(WebSocket socket)
{
    private byte[] _buffer = new byte[4096];

    /// <summary>The next frame, valid until the next call, or null when the socket has ended.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancel)
    {
        var length = 0;
        try
        {
            while (true)
            {
                if (length == _buffer.Length)
                {
                    Array.Resize(ref _buffer, length * 2);
                }

                var part = await socket.ReceiveAsync(_buffer.AsMemory(length), cancel);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                length += part.Count;
                if (part.EndOfMessage)
                {
                    return _buffer.AsMemory(0, length);
                }
            }
        }
        catch (Exception gone)
            when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
