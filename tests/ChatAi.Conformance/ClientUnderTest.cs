using System.Diagnostics;
using System.Threading.Channels;

namespace ChatAi.Conformance;

/// <summary>The client under test as a process, driven by lines: see docs/conformance.md.</summary>
public sealed class ClientUnderTest : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _confirmed = [];
    private readonly List<Shown> _shown = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    private readonly Task _reading;

    private ClientUnderTest(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public IReadOnlySet<Guid> Confirmed
    {
        get
        {
            lock (_gate)
            {
                return new HashSet<Guid>(_confirmed);
            }
        }
    }

    public IReadOnlyList<Shown> Shown
    {
        get
        {
            lock (_gate)
            {
                return [.. _shown];
            }
        }
    }

    /// <summary>Starts it with the server's address, a phone number and its code as its last arguments.</summary>
    public static async Task<ClientUnderTest> StartAsync(string command, Uri server, string phone, string code)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(words[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in words[1..].Concat([server.ToString().TrimEnd('/'), phone, code]))
        {
            start.ArgumentList.Add(argument);
        }

        var client = new ClientUnderTest(Process.Start(start)!);
        await client._ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return client;
    }

    public async Task SendAsync(Shown message) =>
        await _process.StandardInput.WriteLineAsync($"send {message.Chat} {message.Cid} {message.Text}");

    /// <summary>Waits until it has shown and confirmed what it should, or says nothing more for so long.</summary>
    public async Task<bool> WaitAsync(Func<bool> isDone, TimeSpan silence)
    {
        while (!isDone())
        {
            try
            {
                await _changes.Reader.ReadAsync().AsTask().WaitAsync(silence);
            }
            catch (Exception over) when (over is TimeoutException or ChannelClosedException)
            {
                return isDone();
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ', 5);
            lock (_gate)
            {
                switch (words)
                {
                    case ["ready"]:
                        _ready.TrySetResult();
                        break;
                    case ["sent", var cid, ..] when Guid.TryParse(cid, out var sent):
                        _confirmed.Add(sent);
                        break;
                    case ["event", var chat, var seq, var cid, var text]:
                        _shown.Add(new Shown(Guid.Parse(chat), long.Parse(seq, null), Guid.Parse(cid), text));
                        break;
                    default:
                        Out.Note($"client: {line}");
                        break;
                }
            }

            _changes.Writer.TryWrite(true);
        }

        _ready.TrySetException(new InvalidOperationException("The client ended before it said `ready`."));
        _changes.Writer.TryComplete();
    }
}
