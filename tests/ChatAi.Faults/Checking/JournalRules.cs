using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>Rows and numbers have no gap and no double.</summary>
internal static class JournalRules
{
    public static IEnumerable<Violation> Check(Guid chat, IReadOnlyList<JournalRow> rows)
    {
        long number = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].SequenceNr != i + 1)
                yield return new("journal", chat, $"row {rows[i].SequenceNr} stands where {i + 1} should");
            if (rows[i].Event is not INumberedChatEvent numbered)
                continue;
            if (numbered.Seq != ++number)
                yield return new("numbers", chat, $"number {numbered.Seq} stands where {number} should");
        }
    }
}
