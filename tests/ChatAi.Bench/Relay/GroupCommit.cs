using System.Threading.Channels;

namespace ChatAi.Bench.Relay;

/// <summary>
/// Group commit: one writer takes everything that waits, writes it as one transaction and only then lets the
/// acknowledgements and deliveries of that batch out.
/// </summary>
public sealed class GroupCommit : IAsyncDisposable
{
    private const int BatchSize = 500;

    private readonly Channel<Entry> _waiting = Channel.CreateBounded<Entry>(
        new BoundedChannelOptions(50_000) { SingleReader = true }
    );

    private readonly IRelayStore _store;
    private readonly Task _writing;

    public GroupCommit(IRelayStore store)
    {
        _store = store;
        // SQLite commits synchronously, so the writer has a thread of its own.
        _writing = Task.Factory.StartNew(WriteAsync, TaskCreationOptions.LongRunning).Unwrap();
    }

    /// <summary>Ends with the writer: an error of the store must stop the relay, not leave it waiting.</summary>
    public Task Writing => _writing;

    public ValueTask AddAsync(RelayRow row, Action<RelayRow> whenStored) =>
        _waiting.Writer.WriteAsync(new(row, whenStored));

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _writing;
        await _store.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Entry>(BatchSize);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchSize && _waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await _store.WriteAsync(batch.ConvertAll(entry => entry.Row));
            foreach (var (row, whenStored) in batch)
            {
                whenStored(row);
            }
        }
    }

    private sealed record Entry(RelayRow Row, Action<RelayRow> WhenStored);
}
