using ChatAi.Shared.Domain.Ai;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

public static partial class ChatDecider
{
    /// <summary>
    /// The assistant's messages lose what they had from a message that is deleted or edited, in the same write: rows,
    /// previews, sessions and later answers follow from the edits, like from a person's.
    /// </summary>
    /// <param name="changed">As it was before.</param>
    /// <param name="events">The change itself; the edits are added.</param>
    private static void AddRedactions(
        ChatState state,
        ChatMessage changed,
        string mark,
        DecisionContext context,
        List<IChatEvent> events
    )
    {
        var answers = AnswersAfter(state, changed.Seq, context);
        if (answers.Count == 0)
            return;
        var redacted = new SortedDictionary<long, string>();
        var sources = new Queue<(long Seq, string? Old)>([(changed.Seq, changed.Text)]);
        while (sources.TryDequeue(out var source))
            foreach (var answer in answers.Where(answer => answer.Seq > source.Seq))
            {
                var text = redacted.GetValueOrDefault(answer.Seq) ?? answer.Text;
                var without = QuoteRedaction.Without(text, source.Seq, source.Old, mark);
                // It says that it rests on the message, but not where.
                if (without is null && source.Seq == changed.Seq && text != mark && answer.Cites.Contains(source.Seq))
                    without = mark;
                if (without is null)
                    continue;
                if (redacted.TryAdd(answer.Seq, without))
                    sources.Enqueue((answer.Seq, null));
                redacted[answer.Seq] = without;
            }
        var seq = state.Head + events.Count;
        foreach (var (target, text) in redacted)
            events.Add(
                new MessageEdited(++seq, target, UserId.Assistant, TextRules.Cut(text, Limits.TextLength), context.Now)
            );
    }

    private static List<ChatMessage> AnswersAfter(ChatState state, long seq, DecisionContext context)
    {
        var old = context.Found is LookupResult.MessageFound found
            ? found.Quoting.Where(message => message.Seq < state.Recent.FirstSeq)
            : [];
        return
        [
            .. old.Concat(state.Recent.Range(seq + 1, long.MaxValue))
                .Where(message => message is { IsAi: true, Deleted: false }),
        ];
    }
}
