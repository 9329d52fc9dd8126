namespace ChatAi.ChatNode.Journal;

/// <summary>A row of the journal's table, but for what the database gives it.</summary>
/// <param name="Writer">The incarnation of the entity that wrote it.</param>
public sealed record JournalRow(
    string PersistenceId,
    long SequenceNr,
    byte[] Payload,
    string Manifest,
    int Serializer,
    string Writer
);

/// <summary>What one entity writes at once: all of it is stored or nothing.</summary>
public sealed record JournalWrite(string PersistenceId, IReadOnlyList<JournalRow> Rows)
{
    // Continuations belong to actors' dispatchers, never to the thread that writes.
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the rows are stored; failed when they are not, or nobody knows.</summary>
    public Task Written => _written.Task;

    public void Done() => _written.TrySetResult();

    public void Fail(Exception cause) => _written.TrySetException(cause);
}

/// <summary>Another incarnation of the entity has written what this one wanted to: its state is old.</summary>
public sealed class WriteRefusedException(string persistenceId, long sequenceNr, Exception? cause = null)
    : Exception(
        $"'{persistenceId}' has an event {sequenceNr} already: somebody else writes this entity's history.",
        cause
    );
