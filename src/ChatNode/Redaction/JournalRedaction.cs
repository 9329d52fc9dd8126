using System.Data.Common;
using System.Runtime.Serialization;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;

namespace ChatAi.ChatNode.Redaction;

/// <summary>
/// Takes out of the journal and its snapshots what was edited or deleted (docs/adr/0017). Follows the projection, so
/// that the rows have been changed first. Whatever it is cut off in is done again from the stored position; doing it
/// twice changes nothing.
/// </summary>
public sealed class JournalRedaction(RedactionStore store, ReadStore rows, TimeProvider time)
{
    /// <summary>Numbers of the journal that one look passes at most.</summary>
    private const long Stretch = 50_000;
    private const int MostChanges = 500;
    private const int PageSize = 500;

    // A process that was killed may have left pages in the logs.
    private bool _logsToEmpty = true;
    private long _position = -1;

    /// <summary>Goes on to where the projection is. One caller at a time.</summary>
    /// <returns>How many events were rewritten.</returns>
    public async Task<int> CatchUpAsync(CancellationToken cancel)
    {
        var rewritten = 0;
        var upto = await ProjectedAsync(cancel);
        if (upto > 0 && _position != upto)
        {
            await using var connection = await store.OpenAsync(cancel);
            _position = await RedactionStore.PositionAsync(connection, cancel);
            while (_position < upto)
                rewritten += await StepAsync(connection, upto, cancel);
        }
        _logsToEmpty |= rewritten > 0;
        if (_logsToEmpty && upto > 0)
            _logsToEmpty = !await store.EmptyLogsAsync(
                rows.Dialect == ReadDialect.Sqlite ? [rows.Options.ConnectionString] : []
            );
        return rewritten;
    }

    private async Task<int> StepAsync(DbConnection connection, long upto, CancellationToken cancel)
    {
        var to = Math.Min(upto, _position + Stretch);
        var changes = await RedactionStore.ChangesAsync(
            connection,
            TakenBack.Causes,
            _position,
            to,
            MostChanges,
            cancel
        );
        if (changes.Count == MostChanges)
            to = changes[^1].Ordering;
        var rewritten = 0;
        foreach (var entity in changes.GroupBy(e => e.PersistenceId))
            rewritten += await RedactAsync(
                connection,
                entity.Key,
                new TakenBack(entity.Select(e => (e.SequenceNr, e.Decode().Event))),
                cancel
            );
        await RedactionStore.SetPositionAsync(connection, to, cancel);
        _position = to;
        return rewritten;
    }

    private async Task<int> RedactAsync(DbConnection connection, string id, TakenBack taken, CancellationToken cancel)
    {
        var rewritten = 0;
        List<StoredEvent> page;
        for (var from = taken.First; from < taken.Last; from = page[^1].SequenceNr + 1)
        {
            page = await RedactionStore.OfEntityAsync(
                connection,
                id,
                TakenBack.Holders,
                from,
                taken.Last,
                PageSize,
                cancel
            );
            List<RewrittenEvent> changed = [];
            foreach (var e in page)
                if (taken.Rewrite(e.SequenceNr, e.Manifest, e.Payload) is { } payload)
                    changed.Add(new RewrittenEvent(e.SequenceNr, payload));
            if (changed.Count > 0)
                await RedactionStore.RewriteAsync(connection, id, changed, cancel);
            rewritten += changed.Count;
            if (page.Count < PageSize)
                break;
        }
        await RenewSnapshotAsync(connection, id, taken.Last, cancel);
        return rewritten;
    }

    /// <summary>A snapshot from before the change holds the words: one from after it takes its place.</summary>
    private async Task RenewSnapshotAsync(DbConnection connection, string id, long last, CancellationToken cancel)
    {
        var snapshots = await RedactionStore.SnapshotsAsync(connection, id, cancel);
        if (!snapshots.Any(s => s.SequenceNr < last))
            return;
        var renewed =
            snapshots[0].SequenceNr >= last ? null : await RenewAsync(connection, id, snapshots[0], last, cancel);
        await RedactionStore.ReplaceSnapshotsAsync(connection, id, last, renewed, time.GetUtcNow().UtcTicks, cancel);
    }

    private static async Task<StoredSnapshot?> RenewAsync(
        DbConnection connection,
        string id,
        StoredSnapshot old,
        long last,
        CancellationToken cancel
    )
    {
        var codec = JournalCodec.Current;
        ChatState state;
        try
        {
            state = ChatState.Restore((ChatSnapshot)codec.FromBytes(old.Payload, old.Manifest));
        }
        catch (SerializationException)
        {
            // Nobody can read it: the events make the state anew.
            return null;
        }
        for (var from = old.SequenceNr + 1; from <= last; )
        {
            var page = await RedactionStore.AllOfEntityAsync(connection, id, from, last, PageSize, cancel);
            foreach (var e in page)
                state.Apply((IChatEvent)e.Decode().Event);
            if (page.Count < PageSize)
                break;
            from = page[^1].SequenceNr + 1;
        }
        var snapshot = state.ToSnapshot();
        return new StoredSnapshot(last, codec.ManifestOf(snapshot), old.Serializer, codec.ToBytes(snapshot));
    }

    private async Task<long> ProjectedAsync(CancellationToken cancel)
    {
        await rows.MigratedAsync().WaitAsync(cancel);
        await using var connection = await rows.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT MIN(position) FROM projection_offsets";
        return await command.ExecuteScalarAsync(cancel) is long position ? position : 0;
    }
}
