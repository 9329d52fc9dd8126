using ChatAi.Shared.Serialization;

namespace ChatAi.ChatNode.Projections;

/// <summary>An event as the journal has it.</summary>
/// <param name="Ordering">Its place in the whole journal; rises, with gaps.</param>
/// <param name="SequenceNr">Its place in its entity's history: 1, 2, 3 …</param>
public sealed record JournalEntry(long Ordering, string PersistenceId, long SequenceNr, object Event);

/// <summary>The same as bytes: most of what a node reads belongs to slices that run elsewhere.</summary>
public sealed record StoredEvent(
    long Ordering,
    string PersistenceId,
    long SequenceNr,
    string Manifest,
    int Serializer,
    byte[] Payload
)
{
    public JournalEntry Decode() =>
        Serializer == JournalSerializer.Id
            ? new JournalEntry(Ordering, PersistenceId, SequenceNr, JournalCodec.Current.FromBytes(Payload, Manifest))
            : throw new InvalidDataException(
                $"An event of '{PersistenceId}' was not written by this service's serializer."
            );
}
