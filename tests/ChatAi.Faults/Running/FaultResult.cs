using ChatAi.Faults.Checking;
using ChatAi.Faults.Records;

namespace ChatAi.Faults.Running;

/// <summary>What one fault did, from the clients' records between its beginning and the check after it.</summary>
/// <param name="Answering">For each stroke, the time until the slowest chat answered something sent after it.</param>
/// <param name="Interrupted">Chats that took longer than a second.</param>
/// <param name="Violations">Those that were not there before this fault.</param>
public sealed record FaultResult(
    string Name,
    string Hit,
    int Sent,
    int Acked,
    IReadOnlyList<TimeSpan> Answering,
    int Interrupted,
    TimeSpan LongestWait,
    IReadOnlyDictionary<string, int> Refused,
    IReadOnlyDictionary<string, int> Closed,
    IReadOnlyList<Violation> Violations
)
{
    public int Lost => Violations.Count(violation => violation.Rule == "lost");

    public int Doubled => Violations.Count(violation => violation.Rule == "doubled");

    public static FaultResult Of(
        string name,
        string hit,
        Ledger ledger,
        TimeSpan from,
        IReadOnlyList<IReadOnlyList<TimeSpan>> strokes,
        IReadOnlyList<Violation> violations
    )
    {
        var sends = ledger.Sends.Where(sent => sent.FirstAt >= from).ToList();
        return new FaultResult(
            name,
            hit,
            sends.Count,
            sends.Count(sent => sent.AckedAt is not null),
            [.. strokes.Select(chats => chats.Max())],
            strokes.Select(chats => chats.Count(chat => chat > TimeSpan.FromSeconds(1))).DefaultIfEmpty(0).Max(),
            ledger
                .Waits.Where(wait => wait.From >= from)
                .Select(wait => wait.Until - wait.From)
                .DefaultIfEmpty(TimeSpan.Zero)
                .Max(),
            Counts(ledger.Refusals.Where(refusal => refusal.At >= from).Select(refusal => refusal.Code)),
            Counts(ledger.Closings.Where(end => end.At >= from).Select(end => end.Code?.ToString() ?? "broken off")),
            violations
        );
    }

    private static SortedDictionary<string, int> Counts(IEnumerable<string> codes) =>
        new(codes.CountBy(code => code).ToDictionary(), StringComparer.Ordinal);
}
