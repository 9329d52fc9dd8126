using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Akka.Serialization;

namespace ChatAi.ChatNode.Journal;

/// <summary>
/// The plugin's journal with a way of writing of its own (docs/adr/0013); tables, recovery and all reading are the
/// plugin's.
/// </summary>
public sealed class GroupCommitJournal : SqlWriteJournal
{
    private readonly ConcurrentDictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly GroupCommit _groups;

    public GroupCommitJournal(Config config)
        : base(config)
    {
        _groups = new GroupCommit(config.GetInt("buffer-size"), config.GetInt("batch-size"));
        for (var i = 0; i < config.GetInt("parallelism"); i++)
            _ = WriteAsync(_groups, TableOf(config));
    }

    protected override void PostStop()
    {
        _groups.Complete();
        base.PostStop();
    }

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    )
    {
        var rows = messages
            .SelectMany(write => (IEnumerable<IPersistentRepresentation>)write.Payload)
            .Select(RowOf)
            .ToList();
        var write = new JournalWrite(rows[0].PersistenceId, rows);
        _underWay[write.PersistenceId] = write.Written;
        _ = write.Written.ContinueWith(
            written => _underWay.TryRemove(new KeyValuePair<string, Task>(write.PersistenceId, written)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        if (!_groups.TryAdd(write))
            write.Fail(new InvalidOperationException("Too many writes wait for the journal's database."));
        return NothingRejectedAsync(write.Written);
    }

    /// <summary>An entity that starts anew must see what its last incarnation still had under way.</summary>
    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId,
        long fromSequenceNr,
        CancellationToken cancellationToken
    )
    {
        if (_underWay.TryGetValue(persistenceId, out var write))
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
    }

    private JournalRow RowOf(IPersistentRepresentation persistent)
    {
        var serializer = _serialization.FindSerializerFor(persistent.Payload);
        return new JournalRow(
            persistent.PersistenceId,
            persistent.SequenceNr,
            serializer.ToBinary(persistent.Payload),
            Akka.Serialization.Serialization.ManifestFor(serializer, persistent.Payload),
            serializer.Identifier,
            persistent.WriterGuid
        );
    }

    private static async Task<IImmutableList<Exception>> NothingRejectedAsync(Task written)
    {
        await written.ConfigureAwait(false);
        return null!;
    }

    private static IJournalTable TableOf(Config config)
    {
        var connectionString = config.GetString("connection-string");
        return config.GetString("provider-name").StartsWith("PostgreSQL", StringComparison.Ordinal)
            ? new PostgresJournalTable(connectionString, TimeProvider.System)
            : new SqliteJournalTable(connectionString, TimeProvider.System);
    }

    private static async Task WriteAsync(GroupCommit groups, IJournalTable table)
    {
        await using (table)
            await Task.Run(() => groups.RunAsync(table.InsertAsync));
    }
}
