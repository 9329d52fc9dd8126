using System.Threading.Channels;
using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Projections;

/// <summary>Makes the read tables anew from the journal; nothing else may write to them meanwhile.</summary>
public static class ProjectionRebuild
{
    // The larger, the fewer writes of the rows that many events change.
    private const int PageSize = 20_000;

    /// <param name="progress">Hears how many events are done.</param>
    /// <returns>How many events were projected.</returns>
    public static async Task<long> RunAsync(
        ReadStore store,
        JournalReader journal,
        IProgress<long>? progress,
        CancellationToken cancel
    )
    {
        await Migrator.StartRebuildAsync(store, cancel);
        store.TakeSchemaAsItIs();
        var done = await ProjectAllAsync(store, journal, progress, cancel);
        await Migrator.FinishRebuildAsync(store, cancel);
        return done;
    }

    private static async Task<long> ProjectAllAsync(
        ReadStore store,
        JournalReader journal,
        IProgress<long>? progress,
        CancellationToken cancel
    )
    {
        await using var writer = new ProjectionWriter(store, journal.OfEntityAsync, Slice.Whole);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // Reading and parsing run ahead of writing, by a few pages at most.
        var pages = Channel.CreateBounded<IReadOnlyList<JournalEntry>>(2);
        var reading = Task.Run(() => ReadAsync(journal, pages.Writer, stop.Token), stop.Token);
        var done = 0L;
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(stop.Token))
            {
                await writer.ApplyAsync(page, stop.Token);
                done += page.Count;
                progress?.Report(done);
            }
            await reading;
            return done;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task ReadAsync(
        JournalReader journal,
        ChannelWriter<IReadOnlyList<JournalEntry>> pages,
        CancellationToken cancel
    )
    {
        try
        {
            await foreach (var page in journal.PagesAsync(0, PageSize, cancel))
                await pages.WriteAsync(page, cancel);
            pages.Complete();
        }
        catch (Exception e)
        {
            pages.Complete(e);
            throw;
        }
    }
}
