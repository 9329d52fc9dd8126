using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ChatAi.EndToEnd.Tests.Gateway;

/// <summary>A WebSocket by hand over TCP, to send what no decent client library sends.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    public const byte Text = 1;
    public const byte Binary = 2;
    public const byte Close = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly TcpClient _tcp = new() { NoDelay = true };
    private NetworkStream _stream = null!;

    private RawSocket() { }

    public static async Task<RawSocket> ConnectAsync(Uri server, int? receiveBuffer = null)
    {
        var socket = new RawSocket();
        if (receiveBuffer is { } size)
            socket._tcp.ReceiveBufferSize = size;
        await socket._tcp.ConnectAsync(server.Host, server.Port);
        socket._stream = socket._tcp.GetStream();
        var request =
            $"GET /v1/ws HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + "Sec-WebSocket-Protocol: chat.v1.json\r\n\r\n";
        await socket._stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var head = new List<byte>();
        var one = new byte[1];
        while (
            head.Count < 4 || !Encoding.ASCII.GetString([.. head[^4..]]).Equals("\r\n\r\n", StringComparison.Ordinal)
        )
        {
            await socket._stream.ReadExactlyAsync(one);
            head.Add(one[0]);
        }
        Assert.StartsWith("HTTP/1.1 101", Encoding.ASCII.GetString([.. head]), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>A frame or part of one. A mask of zeros leaves the payload as it is.</summary>
    public async Task SendAsync(byte opcode, byte[] payload, bool final = true, bool masked = true, long? length = null)
    {
        var head = new List<byte> { (byte)((final ? 0x80 : 0) | opcode) };
        var mask = (byte)(masked ? 0x80 : 0);
        var said = length ?? payload.Length;
        var extended = new byte[8];
        if (said < 126)
            head.Add((byte)(mask | said));
        else if (said <= ushort.MaxValue)
        {
            head.Add((byte)(mask | 126));
            BinaryPrimitives.WriteUInt16BigEndian(extended, (ushort)said);
            head.AddRange(extended[..2]);
        }
        else
        {
            head.Add((byte)(mask | 127));
            BinaryPrimitives.WriteInt64BigEndian(extended, said);
            head.AddRange(extended);
        }
        if (masked)
            head.AddRange(new byte[4]);
        await _stream.WriteAsync((byte[])[.. head, .. payload]);
    }

    public Task SendTextAsync(string text) => SendAsync(Text, Encoding.UTF8.GetBytes(text));

    public async Task SendRawAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>The next whole frame of the server, which never masks and never splits in these tests.</summary>
    public async Task<(byte Opcode, byte[] Payload)> ReceiveAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        var head = new byte[2];
        await _stream.ReadExactlyAsync(head, late.Token);
        long length = head[1] & 0x7F;
        var extended = new byte[
            length == 126 ? 2
            : length == 127 ? 8
            : 0
        ];
        await _stream.ReadExactlyAsync(extended, late.Token);
        if (extended.Length == 2)
            length = BinaryPrimitives.ReadUInt16BigEndian(extended);
        else if (extended.Length == 8)
            length = BinaryPrimitives.ReadInt64BigEndian(extended);
        var payload = new byte[length];
        await _stream.ReadExactlyAsync(payload, late.Token);
        return ((byte)(head[0] & 0x0F), payload);
    }

    /// <summary>Reads to the server's close frame and returns its code.</summary>
    public async Task<int> CloseCodeAsync()
    {
        while (true)
        {
            var (opcode, payload) = await ReceiveAsync();
            if (opcode == Close)
                return BinaryPrimitives.ReadUInt16BigEndian(payload);
        }
    }

    public async Task<string> ReceiveTextAsync()
    {
        while (true)
        {
            var (opcode, payload) = await ReceiveAsync();
            if (opcode == Text)
                return Encoding.UTF8.GetString(payload);
            Assert.NotEqual(Close, opcode);
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
