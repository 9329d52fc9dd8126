using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Projections;

/// <param name="UpTo">Everything up to here is among the events or will never come.</param>
public sealed record JournalPage(IReadOnlyList<StoredEvent> Events, long UpTo);

/// <summary>
/// The end of the journal, read once for all slices that run on this node. A slice that is behind reads on its own until
/// it has come up to what is kept here.
/// </summary>
public sealed class JournalTail(JournalReader journal, TimeProvider time) : IAsyncDisposable
{
    public const int PageSize = 1_000;
    private const int Kept = 8 * PageSize;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<StoredEvent> _kept = [];
    private JournalCursor? _cursor;
    private GapGuard? _gaps;
    private long _from;
    private long _to;
    private bool _isThereMore;

    /// <summary>
    /// What follows <paramref name="after"/>, in pages. At the end of the journal it waits a moment for something new
    /// and may come back with nothing.
    /// </summary>
    public async Task<JournalPage> ReadAsync(long after, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        long from;
        try
        {
            if (_gaps is null || after > _to)
                StartAt(after);
            if (after == _to)
                await LookAsync(cancel);
            if (after >= _from)
                return new JournalPage([.. _kept.SkipWhile(e => e.Ordering <= after)], _to);
            from = _from;
        }
        catch
        {
            await CloseAsync();
            throw;
        }
        finally
        {
            _turn.Release();
        }
        // The guard has passed all this: what is missing is missing for ever.
        var page = await journal.PageAsync(after, from, PageSize, cancel);
        return new JournalPage(page, page.Count == PageSize ? page[^1].Ordering : from);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _turn.Dispose();
    }

    private void StartAt(long position)
    {
        _kept.Clear();
        _from = _to = position;
        _isThereMore = true;
        _gaps = new GapGuard(journal.LongestCommit, time);
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        if (!_isThereMore)
            await Task.Delay(LookEvery, time, cancel);
        _isThereMore = false;
        _cursor ??= await journal.OpenAsync(PageSize, cancel);
        if (_cursor is null)
            return;
        var page = await _cursor.ReadAsync(_to, cancel);
        var admitted = _gaps!.Admit(_to, page.Select(e => e.Ordering));
        if (admitted > 0)
            Keep(page.Take(admitted));
        _isThereMore = page.Count == PageSize && admitted > 0;
        if (_gaps.IsWaiting && await _cursor.WritersAsync(cancel) is { } writers)
            _gaps.StillWriting(writers);
    }

    private void Keep(IEnumerable<StoredEvent> events)
    {
        _kept.AddRange(events);
        _to = _kept[^1].Ordering;
        if (_kept.Count <= Kept)
            return;
        var surplus = _kept.Count - (Kept / 2);
        _from = _kept[surplus - 1].Ordering;
        _kept.RemoveRange(0, surplus);
    }

    private async Task CloseAsync()
    {
        if (_cursor is not { } cursor)
            return;
        _cursor = null;
        await cursor.DisposeAsync();
    }
}
