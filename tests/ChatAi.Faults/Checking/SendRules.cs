using ChatAi.Faults.Records;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>What was acknowledged is in the journal once and as answered; what was not is there once at most.</summary>
internal static class SendRules
{
    public static IEnumerable<Violation> Check(ChatFacts facts, IEnumerable<Sent> sends)
    {
        var stored = facts.Messages.Where(m => !m.IsAi).ToLookup(m => (m.Sender.Value, m.Cid.Value));
        foreach (var sent in sends)
        {
            var rows = stored[(sent.Sender, sent.Cid)].ToList();
            if (rows.Count > 1)
                yield return new(
                    "doubled",
                    facts.Chat,
                    $"{sent.Cid} has the numbers {string.Join(", ", rows.Select(row => row.Seq))}"
                );
            if (sent.Refused is { } code)
                yield return new("refused", facts.Chat, $"{sent.Cid} was refused for good: {code}");
            if (sent.AckedAt is not null && rows.Count == 0)
                yield return new("lost", facts.Chat, $"{sent.Cid} was acknowledged as number {sent.Answers[0].Seq}");
            foreach (var answer in sent.Answers.Where(_ => rows.Count > 0))
                if (rows.All(row => (row.Seq, row.Id.Value) != (answer.Seq, answer.Msg)))
                    yield return new(
                        "answer",
                        facts.Chat,
                        $"{sent.Cid} was answered as {answer.Seq} {answer.Msg} and is {rows[0].Seq} {rows[0].Id}"
                    );
            if (rows.Any(row => !facts.Holds(row.Text, sent.Text, row.Seq, row.Seq)))
                yield return new("text", facts.Chat, $"{sent.Cid} is stored with another text");
        }
    }

    public static IEnumerable<Violation> CheckChanges(ChatFacts facts, IEnumerable<Changed> changes)
    {
        foreach (var change in changes.Where(change => change.Seq is not null))
        {
            var stored = facts.Numbered.GetValueOrDefault(change.Seq!.Value);
            var fits = change.Text is { } text
                ? stored is ChatEvents.MessageEdited edited
                    && edited.Target == change.Target
                    && facts.Holds(edited.Text, text, edited.Target, edited.Seq)
                : stored is ChatEvents.MessageDeleted deleted && deleted.Target == change.Target;
            if (!fits)
                yield return new(
                    "lost",
                    facts.Chat,
                    $"the {(change.Text is null ? "deletion" : "edit")} of {change.Target} was acknowledged as {change.Seq}"
                );
        }
    }
}
