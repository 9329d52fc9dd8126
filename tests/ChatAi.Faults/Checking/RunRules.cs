using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>Every run that was asked for ended once, a completed public one with one message, any other with none.</summary>
internal static class RunRules
{
    public static IEnumerable<Violation> Check(ChatFacts facts, IEnumerable<RunRow> rows)
    {
        var ends = facts
            .Events.Select(e => (Run: EndOf(e), Event: e))
            .Where(end => end.Run is not null)
            .ToLookup(end => end.Run!.Value, end => end.Event);
        var messages = facts.Messages.Where(m => m.Run is not null).ToLookup(m => m.Run!.Value);
        var byId = rows.ToDictionary(row => row.Id);
        foreach (var asked in facts.Events.OfType<ChatEvents.AiRunRequested>())
        {
            var ended = ends[asked.Run].ToList();
            if (ended.Count != 1)
                yield return new("runs", facts.Chat, $"run {asked.Run} ended {ended.Count} times");
            var posts = asked.Kind == AiRunKind.Reply && !asked.Private && ended is [ChatEvents.AiRunCompleted];
            if (asked.Kind == AiRunKind.Reply && messages[asked.Run].Count() != (posts ? 1 : 0))
                yield return new(
                    "runs",
                    facts.Chat,
                    $"run {asked.Run} ({ended.FirstOrDefault()?.GetType().Name}) has {messages[asked.Run].Count()} messages"
                );
            if (!byId.TryGetValue(asked.Run.Value, out var row) || row.Ended != ended.Count > 0)
                yield return new("tables", facts.Chat, $"run {asked.Run}: the table has {row}");
        }
    }

    private static RunId? EndOf(IChatEvent e) =>
        e switch
        {
            ChatEvents.AiRunCompleted done => done.Run,
            ChatEvents.AiRunFailed failed => failed.Run,
            ChatEvents.AiRunCancelled cancelled => cancelled.Run,
            // A rolling summary ends the run that made it.
            ChatEvents.SummaryUpdated made => made.Run,
            _ => null,
        };
}
