using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>The table <c>messages</c> is what the journal's events make of it, by a reading of our own.</summary>
internal static class TableRules
{
    public static IEnumerable<Violation> CheckMessages(ChatFacts facts, IEnumerable<MessageRow> rows)
    {
        var expected = Fold(facts);
        var found = rows.ToDictionary(row => row.Seq);
        foreach (var seq in expected.Keys.Union(found.Keys).Order())
        {
            var (want, have) = (expected.GetValueOrDefault(seq), found.GetValueOrDefault(seq));
            if (want != have)
                yield return new(
                    "tables",
                    facts.Chat,
                    $"message {seq}: the journal makes {want}, the table has {have}"
                );
        }
    }

    private static Dictionary<long, MessageRow> Fold(ChatFacts facts)
    {
        var rows = new Dictionary<long, MessageRow>();
        foreach (var e in facts.Events)
            switch (e)
            {
                case ChatEvents.MessageSent sent:
                    rows[sent.Seq] = new MessageRow(
                        facts.Chat,
                        sent.Seq,
                        sent.Id.Value,
                        sent.Sender.Value,
                        sent.Cid.Value,
                        sent.Text,
                        false,
                        sent.Run?.Value
                    );
                    break;
                case ChatEvents.MessageEdited edited when rows.TryGetValue(edited.Target, out var row):
                    rows[edited.Target] = row with { Content = edited.Text };
                    break;
                case ChatEvents.MessageDeleted deleted when rows.TryGetValue(deleted.Target, out var row):
                    rows[deleted.Target] = row with { Content = "", Deleted = true };
                    break;
            }
        return rows;
    }
}
