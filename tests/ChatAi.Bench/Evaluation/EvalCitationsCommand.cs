using System.CommandLine;
using System.Text.Json;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;
using ChatAi.Testing;

namespace ChatAi.Bench.Evaluation;

/// <summary>
/// <c>eval-citations</c>: which messages the checks take as a sentence's support, beside a person's labels. The sentences
/// are written as a model would write them, some of them untrue.
/// </summary>
internal static class EvalCitationsCommand
{
    /// <param name="First">The window's first line.</param>
    /// <param name="Last">Its last line.</param>
    /// <param name="Supports">The messages that carry it, together where there are several; none where it is untrue.</param>
    private sealed record Label(string Log, long First, long Last, string Sentence, IReadOnlyList<long> Supports);

    private static readonly (
        string What,
        Func<string, IReadOnlyList<TranscriptLine>, IEnumerable<long>> Cites
    )[] Ways =
    [
        (
            "given to an uncited sentence of a reply",
            (s, lines) => CitationCheck.Check(s, lines, CheckPolicy.Reply).Cites
        ),
        ("each message cited alone: supported", (s, lines) => Alone(s, lines, a => a.SupportedShare > 0)),
        ("each message cited alone: passes", (s, lines) => Alone(s, lines, a => a.Fault == AnswerFault.None)),
    ];

    public static Command Create()
    {
        var irc = new Option<string?>("--irc") { Description = "Folder with *.raw.txt and *.annotation.txt" };
        var command = new Command("eval-citations", "Scores citations against labels made by hand") { irc };
        command.SetAction(parse =>
        {
            if (EvalGroupingCommand.Logs(parse.GetValue(irc)) is not { } logs)
                return 1;
            var cases = Labels().Select(l => (Label: l, Lines: Window(logs.Single(g => g.Name == l.Log), l))).ToList();
            Console.WriteLine(
                "| way | sentences | citations | precision | recall | true ones with a right one | untrue ones with any |"
            );
            Console.WriteLine("|---|---|---|---|---|---|---|");
            foreach (var (what, cites) in Ways)
                Row(what, [.. cases.Select(c => (c.Label, Cites: cites(c.Label.Sentence, c.Lines).ToList()))]);
            return 0;
        });
        return command;
    }

    private static List<Label> Labels() =>
        [
            .. File.ReadLines(Path.Combine(RepositoryRoot.Find(), "tests", "data", "citations.jsonl"))
                .Where(l => l.Length > 0)
                .Select(l => JsonSerializer.Deserialize<Label>(l, JsonSerializerOptions.Web)!),
        ];

    private static IReadOnlyList<TranscriptLine> Window(IrcTranscript log, Label label)
    {
        IReadOnlyList<TranscriptLine> lines = [.. log.Lines.Where(l => l.Seq >= label.First && l.Seq <= label.Last)];
        return label.Supports.All(s => lines.Any(l => l.Seq == s))
            ? lines
            : throw new InvalidDataException($"A label cites what is not in its window: {label.Sentence}");
    }

    private static IEnumerable<long> Alone(
        string sentence,
        IReadOnlyList<TranscriptLine> lines,
        Func<CheckedAnswer, bool> holds
    ) =>
        lines
            .Where(l => holds(CitationCheck.Check($"{sentence} [#{l.Seq}]", lines, CheckPolicy.Summary)))
            .Select(l => l.Seq);

    private static void Row(string what, List<(Label Label, List<long> Cites)> cases)
    {
        var given = cases.Sum(c => c.Cites.Count);
        var right = cases.Sum(c => c.Cites.Count(c.Label.Supports.Contains));
        var wanted = cases.Sum(c => c.Label.Supports.Count);
        var isTrue = cases.FindAll(c => c.Label.Supports.Count > 0);
        var untrue = cases.FindAll(c => c.Label.Supports.Count == 0);
        Console.WriteLine(
            $"| {what} | {cases.Count} | {given} | {Percent(right, given)} | {Percent(right, wanted)} "
                + $"| {isTrue.Count(c => c.Cites.Exists(c.Label.Supports.Contains))} of {isTrue.Count} "
                + $"| {untrue.Count(c => c.Cites.Count > 0)} of {untrue.Count} |"
        );
    }

    private static string Percent(int part, int all) => all == 0 ? "–" : $"{100.0 * part / all:0.0} %";
}
