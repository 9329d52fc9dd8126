using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ChatAi.Containers.Tests.Engine;

/// <summary>
/// A port of this machine's loopback address that leads to one inside another process' network namespace. Bytes and ends
/// of streams pass as they are.
/// </summary>
public sealed partial class NamespacePort : IAsyncDisposable
{
    private const int NewNet = 0x40000000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _pid;
    private readonly int _port;
    private readonly Task _accepting;

    /// <param name="pid">A process of the namespace.</param>
    /// <param name="port">A port of the namespace's loopback address.</param>
    public NamespacePort(int pid, int port)
    {
        (_pid, _port) = (pid, port);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var outside = await _listener.AcceptSocketAsync(_stop.Token);
                open.RemoveAll(pair => pair.IsCompleted);
                open.Add(PairAsync(outside));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task PairAsync(Socket outside)
    {
        using (outside)
            try
            {
                using var inside = await ConnectInsideAsync();
                await Task.WhenAll(PassAsync(outside, inside), PassAsync(inside, outside));
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
            {
                // Whoever waits at either end sees the connection break.
            }
    }

    // A socket belongs to the namespace of the thread that makes it, so a thread goes there for nothing else.
    private Task<Socket> ConnectInsideAsync()
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using var space = File.OpenHandle($"/proc/{_pid}/ns/net");
                if (SetNamespace((int)space.DangerousGetHandle(), NewNet) != 0)
                    throw new IOException($"setns: error {Marshal.GetLastPInvokeError()}");
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.NoDelay = true;
                socket.Connect(IPAddress.Loopback, _port);
                made.SetResult(socket);
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                made.SetException(e);
            }
        })
        {
            IsBackground = true,
        }.Start();
        return made.Task;
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await from.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            if (read == 0)
                break;
            for (var sent = 0; sent < read; )
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
        }
        to.Shutdown(SocketShutdown.Send);
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(int descriptor, int kind);
}
