using ChatAi.Faults.Records;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Faults.Checking;

/// <summary>One row of a chat's journal.</summary>
public sealed record JournalRow(long SequenceNr, IChatEvent Event);

/// <summary>A row of the table <c>messages</c>.</summary>
public sealed record MessageRow(
    Guid Chat,
    long Seq,
    Guid Id,
    Guid Sender,
    Guid Cid,
    string Content,
    bool Deleted,
    Guid? Run
);

/// <summary>A row of the table <c>ai_runs</c>.</summary>
public sealed record RunRow(Guid Id, Guid Chat, string Status, bool Ended);

public sealed record ObservedChat(Guid Id, IReadOnlyList<Guid> Members);

/// <summary>The clients' records and what the database holds, read when all is quiet.</summary>
/// <param name="Journal">Of each chat by sequence number.</param>
/// <param name="TableDifferences">Lines that the read tables and a rebuild from the journal do not share.</param>
public sealed record Observations(
    IReadOnlyList<ObservedChat> Chats,
    IReadOnlyCollection<Sent> Sends,
    IReadOnlyCollection<Changed> Changes,
    IReadOnlyCollection<KeyValuePair<Sighting, Guid>> Sightings,
    IReadOnlyCollection<FinalView> Views,
    IReadOnlyDictionary<Guid, IReadOnlyList<JournalRow>> Journal,
    IReadOnlyCollection<MessageRow> Messages,
    IReadOnlyCollection<RunRow> Runs,
    IReadOnlyList<string> TableDifferences
);

/// <summary>Something that must never be.</summary>
/// <param name="Rule">Such as <c>lost</c> or <c>doubled</c>; see docs/faults.md.</param>
public sealed record Violation(string Rule, Guid Chat, string What)
{
    public override string ToString() => $"{Rule}: chat {Chat}: {What}";
}
