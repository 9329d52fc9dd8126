using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>Rows and numbers have no gap and no double; no life of the entity writes after the next one has begun.</summary>
internal static class JournalRules
{
    public static IEnumerable<Violation> Check(Guid chat, IReadOnlyList<JournalRow> rows)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        long number = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].SequenceNr != i + 1)
                yield return new("journal", chat, $"row {rows[i].SequenceNr} stands where {i + 1} should");
            if (i > 0 && rows[i].Writer != rows[i - 1].Writer)
                gone.Add(rows[i - 1].Writer);
            if (gone.Contains(rows[i].Writer))
                yield return new(
                    "two writers",
                    chat,
                    $"row {rows[i].SequenceNr} is of {rows[i].Writer}, whose successor had written before"
                );
            if (rows[i].Event is not INumberedChatEvent numbered)
                continue;
            if (numbered.Seq != ++number)
                yield return new("numbers", chat, $"number {numbered.Seq} stands where {number} should");
        }
    }
}
