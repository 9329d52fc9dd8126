using ChatAi.Faults.Records;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>Nobody ever saw what is not in the journal, and in the end everybody has all of it, in order.</summary>
internal static class ViewRules
{
    public static IEnumerable<Violation> CheckSightings(
        ChatFacts facts,
        IEnumerable<KeyValuePair<Sighting, Guid>> sightings
    )
    {
        var texts = Texts(facts);
        foreach (var (sighting, person) in sightings)
        {
            var stored = facts.Numbered.GetValueOrDefault(sighting.Seq);
            if (stored is null)
                yield return new("phantom", facts.Chat, $"{person} saw {sighting}, which is not in the journal");
            else if (!IsOf(sighting, stored))
                yield return new("phantom", facts.Chat, $"{person} saw {sighting}, the journal has {stored}");
            else if (
                sighting.Text is { } text
                && TargetOf(sighting) is { } target
                && !texts[target].Any(written => facts.Holds(written.Text, text, target, written.Seq))
            )
                yield return new(
                    "phantom",
                    facts.Chat,
                    $"{person} saw at {sighting.Seq} a text that was never written"
                );
        }
    }

    public static IEnumerable<Violation> CheckViews(ChatFacts facts, ObservedChat chat, IEnumerable<FinalView> views)
    {
        var byPerson = views.ToDictionary(view => view.Person);
        foreach (var member in chat.Members)
        {
            var seqs = byPerson.TryGetValue(member, out var view) ? view.Seqs : [];
            for (var i = 0; i < seqs.Count; i++)
                if (seqs[i] != i + 1)
                {
                    yield return new("view", facts.Chat, $"{member} was shown {seqs[i]} where {i + 1} should be");
                    break;
                }
            if (seqs.Count != facts.Head)
                yield return new("view", facts.Chat, $"{member} ended with {seqs.Count} events of {facts.Head}");
        }
    }

    private static long? TargetOf(Sighting sighting) =>
        sighting.Ev switch
        {
            "message.created" => sighting.Seq,
            "message.edited" => sighting.Target,
            _ => null,
        };

    private static ILookup<long, (string Text, long Seq)> Texts(ChatFacts facts) =>
        facts
            .Events.Select(e =>
                e switch
                {
                    ChatEvents.MessageSent sent => (Target: sent.Seq, sent.Text, sent.Seq),
                    ChatEvents.MessageEdited edited => (edited.Target, edited.Text, edited.Seq),
                    _ => (Target: 0L, Text: "", Seq: 0L),
                }
            )
            .Where(text => text.Target > 0)
            .ToLookup(text => text.Target, text => (text.Text, text.Seq));

    private static bool IsOf(Sighting seen, INumberedChatEvent stored) =>
        stored switch
        {
            ChatEvents.MessageSent sent => seen.Ev == "message.created"
                && seen.Msg == sent.Id.Value
                && seen.Sender == sent.Sender.Value
                && seen.Run == sent.Run?.Value,
            ChatEvents.MessageEdited edited => seen.Ev == "message.edited" && seen.Target == edited.Target,
            ChatEvents.MessageDeleted deleted => seen.Ev == "message.deleted" && seen.Target == deleted.Target,
            _ => !seen.Ev.StartsWith("message.", StringComparison.Ordinal),
        };
}
