using ChatAi.ChatNode.Projections;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Shared.Sharding;

namespace ChatAi.ReadModel.Tests;

/// <summary>A journal before and after what was taken back is taken out of it.</summary>
internal static class Redaction
{
    /// <summary>The journal as bytes with all that was edited or deleted taken out, and how many events that changed.</summary>
    public static (IReadOnlyList<JournalEntry> Journal, int Rewritten) Of(IReadOnlyList<JournalEntry> journal)
    {
        var codec = JournalCodec.Current;
        var rewritten = 0;
        var taken = journal
            .GroupBy(e => e.PersistenceId)
            .ToDictionary(g => g.Key, g => new TakenBack(g.Select(e => (e.SequenceNr, e.Event))));
        return ([.. journal.Select(Redacted)], rewritten);

        JournalEntry Redacted(JournalEntry e)
        {
            var (manifest, bytes) = (codec.ManifestOf(e.Event), codec.ToBytes(e.Event));
            if (taken[e.PersistenceId].Rewrite(e.SequenceNr, manifest, bytes) is not { } payload)
                return e;
            rewritten++;
            Assert.Null(taken[e.PersistenceId].Rewrite(e.SequenceNr, manifest, payload));
            return e with { Event = codec.FromBytes(payload, manifest) };
        }
    }

    /// <summary>All that a chat's snapshot holds after these events, as bytes.</summary>
    public static byte[] StateOf(ChatId chat, IEnumerable<JournalEntry> journal, ChatState? from = null)
    {
        var state = from ?? new ChatState();
        foreach (var e in journal.Where(e => e.PersistenceId == ShardNames.PersistenceId(chat)))
            state.Apply((IChatEvent)e.Event);
        return JournalCodec.Current.ToBytes(state.ToSnapshot());
    }
}
