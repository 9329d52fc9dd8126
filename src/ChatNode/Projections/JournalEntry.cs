namespace ChatAi.ChatNode.Projections;

/// <summary>An event as the journal has it.</summary>
/// <param name="Ordering">Its place in the whole journal; rises, with gaps.</param>
/// <param name="SequenceNr">Its place in its entity's history: 1, 2, 3 …</param>
public sealed record JournalEntry(long Ordering, string PersistenceId, long SequenceNr, object Event);
