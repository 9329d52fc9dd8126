using ChatAi.Faults.Records;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>Holds the clients' records against the journal, and the read tables too. Pure.</summary>
public static class Checker
{
    public static IReadOnlyList<Violation> Check(Observations seen)
    {
        var found = new List<Violation>();
        var sends = seen.Sends.ToLookup(sent => sent.Chat);
        var changes = seen.Changes.ToLookup(change => change.Chat);
        var sightings = seen.Sightings.ToLookup(sighting => sighting.Key.Chat);
        var views = seen.Views.ToLookup(view => view.Chat);
        var messages = seen.Messages.ToLookup(row => row.Chat);
        var runs = seen.Runs.ToLookup(run => run.Chat);
        foreach (var chat in seen.Chats)
        {
            var journal = seen.Journal.TryGetValue(chat.Id, out var rows) ? rows : [];
            var facts = new ChatFacts(chat.Id, [.. journal.Select(row => row.Event)]);
            found.AddRange(JournalRules.Check(chat.Id, journal));
            found.AddRange(SendRules.Check(facts, sends[chat.Id]));
            found.AddRange(SendRules.CheckChanges(facts, changes[chat.Id]));
            found.AddRange(ViewRules.CheckSightings(facts, sightings[chat.Id]));
            found.AddRange(ViewRules.CheckViews(facts, chat, views[chat.Id]));
            found.AddRange(TableRules.CheckMessages(facts, messages[chat.Id]));
            found.AddRange(RunRules.Check(facts, runs[chat.Id]));
        }
        found.AddRange(seen.TableDifferences.Select(line => new Violation("tables", default, line)));
        return found;
    }
}

/// <summary>A chat as its journal tells it.</summary>
public sealed class ChatFacts(Guid chat, IReadOnlyList<IChatEvent> events)
{
    public Guid Chat { get; } = chat;

    public IReadOnlyList<IChatEvent> Events { get; } = events;

    /// <summary>By number; the first where a number is there twice, which is another rule's matter.</summary>
    public IReadOnlyDictionary<long, INumberedChatEvent> Numbered { get; } =
        events.OfType<INumberedChatEvent>().GroupBy(e => e.Seq).ToDictionary(same => same.Key, same => same.First());

    private readonly Dictionary<long, long> _takenBackBy = events
        .Select(e =>
            e switch
            {
                ChatEvents.MessageEdited edited => (edited.Target, edited.Seq),
                ChatEvents.MessageDeleted deleted => (deleted.Target, deleted.Seq),
                _ => (Target: 0L, Seq: 0L),
            }
        )
        .Where(change => change.Target > 0)
        .GroupBy(change => change.Target)
        .ToDictionary(changes => changes.Key, changes => changes.Max(change => change.Seq));

    /// <summary>
    /// Whether the event of this number holds these words. Once a later edit or deletion of the message took them back,
    /// the journal may have as many spaces in their place (docs/adr/0017).
    /// </summary>
    public bool Holds(string stored, string words, long target, long seq) =>
        stored == words
        || (
            _takenBackBy.TryGetValue(target, out var by)
            && by > seq
            && stored.Length == words.Length
            && string.IsNullOrWhiteSpace(stored)
        );

    public IReadOnlyList<ChatEvents.MessageSent> Messages { get; } = [.. events.OfType<ChatEvents.MessageSent>()];

    public long Head { get; } = events.OfType<INumberedChatEvent>().Select(e => e.Seq).DefaultIfEmpty(0).Max();
}
