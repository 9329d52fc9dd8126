using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ChatAi.Actors.Tests.Entities;

/// <summary>An in-memory journal whose writes wait until the test releases or breaks them.</summary>
internal sealed class HeldJournal : MemoryJournal
{
    public const string Hocon = """
        akka.persistence.journal.plugin = "akka.persistence.journal.held"
        akka.persistence.journal.held.class = "ChatAi.Actors.Tests.Entities.HeldJournal, ChatAi.Actors.Tests"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        akka.persistence.snapshot-store.inmem.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
        akka.actor.serialize-messages = off
        """;

    private readonly JournalGate _gate = JournalGate.Of(Context.System);

    protected override async Task<IImmutableList<Exception?>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages,
        CancellationToken cancellationToken
    )
    {
        var writes = messages.ToList();
        await _gate.PassAsync(writes.Count);
        return (await base.WriteMessagesAsync(writes, cancellationToken))!;
    }
}

/// <summary>What the test holds of the journal of one actor system.</summary>
internal sealed class JournalGate : IExtension
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _held;

    /// <summary>How many atomic writes each write request had, in order.</summary>
    public List<int> Batches { get; } = [];

    public static JournalGate Of(ActorSystem system) => system.WithExtension<JournalGate, Provider>();

    public void Hold()
    {
        lock (_lock)
            _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release() => Take()?.SetResult();

    public void Break() => Take()?.SetException(new IOException("disk full"));

    public Task PassAsync(int writes)
    {
        lock (_lock)
        {
            Batches.Add(writes);
            return _held?.Task ?? Task.CompletedTask;
        }
    }

    private TaskCompletionSource? Take()
    {
        lock (_lock)
        {
            var held = _held;
            _held = null;
            return held;
        }
    }

    private sealed class Provider : ExtensionIdProvider<JournalGate>
    {
        public override JournalGate CreateExtension(ExtendedActorSystem system) => new();
    }
}
