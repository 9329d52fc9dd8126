using System.Buffers;
using System.Net.WebSockets;

namespace ChatAi.Bench.Sockets;

/// <summary>
/// Sends frames over one socket in order from any thread. Where the socket is idle the frame goes out on the caller's
/// thread; the queue is only for what comes while one is being written.
/// </summary>
public sealed class FrameSender(WebSocket socket, int capacity = 20_000)
{
    private readonly Lock _gate = new();
    private readonly Queue<Frame> _waiting = [];
    private bool _sending;
    private bool _broken;

    /// <summary>Takes over a buffer rented from the shared pool. A socket that cannot keep up is aborted.</summary>
    public void Send(byte[] rented, int length)
    {
        var frame = new Frame(rented, length);
        lock (_gate)
        {
            if (_broken)
            {
                ArrayPool<byte>.Shared.Return(rented);
                return;
            }

            if (_sending)
            {
                _waiting.Enqueue(frame);
                if (_waiting.Count > capacity)
                {
                    _broken = true;
                    socket.Abort();
                }

                return;
            }

            _sending = true;
        }

        _ = DrainAsync(frame);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented);
        Send(rented, bytes.Length);
    }

    private async Task DrainAsync(Frame frame)
    {
        while (true)
        {
            try
            {
                await socket.SendAsync(
                    frame.Buffer.AsMemory(0, frame.Length),
                    WebSocketMessageType.Text,
                    WebSocketMessageFlags.EndOfMessage,
                    CancellationToken.None
                );
            }
            catch (Exception gone)
                when (gone is WebSocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The receiving side sees the end of the socket too and reports it.
                lock (_gate)
                {
                    _broken = true;
                    _waiting.Clear();
                }

                return;
            }

            ArrayPool<byte>.Shared.Return(frame.Buffer);
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out frame))
                {
                    _sending = false;
                    return;
                }
            }
        }
    }

    private readonly record struct Frame(byte[] Buffer, int Length);
}
