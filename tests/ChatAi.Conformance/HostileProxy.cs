using System.Net;
using System.Net.Sockets;

namespace ChatAi.Conformance;

/// <summary>
/// Stands between a client and the server and does to their connections what networks do: nothing that TCP could not.
/// Bytes are never changed, doubled or put in another order; they stop coming.
/// </summary>
public sealed class HostileProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Pipe> _pipes = [];
    private readonly Uri _server;
    private readonly Task _accepting;

    public HostileProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>Ends every connection at once, without a closing handshake.</summary>
    public void Cut() => Each(pipe => pipe.Cut());

    /// <summary>Ends each connection after so many more bytes of one direction: in the midst of a frame.</summary>
    public void CutAfter(int bytes, bool toServer) => Each(pipe => pipe.CutAfter(bytes, toServer));

    /// <summary>From now on the client gets nothing, while the server goes on getting and doing; a cut must follow.</summary>
    public void SwallowAnswers() => Each(pipe => pipe.SwallowAnswers());

    /// <summary>Nothing passes in either direction until <see cref="Resume"/>.</summary>
    public void Stall() => Each(pipe => pipe.Stall());

    public void Resume() => Each(pipe => pipe.Resume());

    /// <summary>The next upgraded connection gets this close code right after its handshake.</summary>
    public void CloseNext(int code) => Interlocked.Exchange(ref _closeNext, code);

    private int _closeNext;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private void Each(Action<Pipe> act)
    {
        List<Pipe> all;
        lock (_gate)
        {
            all = [.. _pipes];
        }

        all.ForEach(act);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = RunAsync(client);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task RunAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var pipe = new Pipe(client, server, () => Interlocked.Exchange(ref _closeNext, 0));
        lock (_gate)
        {
            _pipes.Add(pipe);
        }

        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            await pipe.RunAsync();
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side went; both go.
        }
        finally
        {
            lock (_gate)
            {
                _pipes.Remove(pipe);
            }
        }
    }
}
