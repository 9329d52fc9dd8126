using System.CommandLine;
using ChatAi.Shared.Domain.Ai.Grouping;
using ChatAi.Testing.Irc;

namespace ChatAi.Bench.Evaluation;

/// <summary>
/// <c>eval-grouping</c>: how well a real channel is taken apart into conversations, beside simpler ways.
/// </summary>
internal static class EvalGroupingCommand
{
    /// <summary>Every second log was tuned on (see <c>fit-grouping</c>); the others say how well it does.</summary>
    public static bool IsTuned(int index) => index % 2 == 0;

    public static Command Create()
    {
        var irc = new Option<string?>("--irc") { Description = "Folder with *.raw.txt and *.annotation.txt" };
        var command = new Command("eval-grouping", "Scores the grouping of conversations on annotated IRC logs")
        {
            irc,
        };
        command.SetAction(parse =>
        {
            if (Logs(parse.GetValue(irc)) is not { } logs)
                return 1;
            Print(logs);
            return 0;
        });
        return command;
    }

    public static IReadOnlyList<IrcTranscript>? Logs(string? folder)
    {
        folder ??= IrcData.FindFolder(Environment.CurrentDirectory) ?? IrcData.FindFolder();
        if (folder is not null && Directory.Exists(folder) && IrcData.RawFiles(folder) is { Count: > 0 } files)
            return [.. files.Select(IrcTranscript.Read)];
        Console.Error.WriteLine("no logs found: give --irc DIR with *.raw.txt and *.annotation.txt");
        return null;
    }

    private static void Print(IReadOnlyList<IrcTranscript> logs)
    {
        Console.WriteLine("| log | way | link P | link R | link F1 | 1 - VI | exact P | exact R | exact F1 |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var rows = logs.Select((log, i) => (log, tuned: IsTuned(i))).ToList();
        foreach (var (log, tuned) in rows)
        foreach (var (name, parents) in Groupers.All)
            Row($"{log.Name} ({(tuned ? "tuned on" : "held out")})", name, Groupers.Score(log, parents));
        foreach (var (title, some) in Parts(rows))
        foreach (var (name, parents) in Groupers.All)
            Row($"**{title}**", name, Groupers.Sum(some.Select(log => Groupers.Score(log, parents))));
    }

    private static IEnumerable<(string, List<IrcTranscript>)> Parts(List<(IrcTranscript Log, bool Tuned)> rows) =>
        [
            ("tuned on", [.. rows.Where(r => r.Tuned).Select(r => r.Log)]),
            ("held out", [.. rows.Where(r => !r.Tuned).Select(r => r.Log)]),
            ("all", [.. rows.Select(r => r.Log)]),
        ];

    private static void Row(string log, string way, GroupingScore s) =>
        Console.WriteLine(
            $"| {log} | {way} | {100 * s.Precision:0.0} | {100 * s.Recall:0.0} | {100 * s.LinkF1:0.0} | {100 * s.ScaledVi:0.0} "
                + $"| {100 * s.ExactPrecision:0.0} | {100 * s.ExactRecall:0.0} | {100 * s.ExactF1:0.0} |"
        );
}
