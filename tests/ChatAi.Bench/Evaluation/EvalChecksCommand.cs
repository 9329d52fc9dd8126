using System.Buffers;
using System.CommandLine;
using System.Globalization;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;

namespace ChatAi.Bench.Evaluation;

/// <summary>
/// <c>eval-checks</c>: what the citation check lets pass of true sentences and of spoiled ones, both made from real
/// messages. It says how the check works on near-quotes; it says nothing about a model's free words.
/// </summary>
internal static class EvalChecksCommand
{
    private const int Window = 50;

    /// <summary>Characters that may split a message into more sentences than one.</summary>
    private static readonly SearchValues<char> Unplain = SearchValues.Create(".!?…[]{}");

    private static readonly (string What, bool True, Func<Case, string?> Make)[] Kinds =
    [
        ("the message itself", true, c => $"{c.Text} [#{c.Line.Seq}]"),
        ("its author said it", true, c => $"{c.Line.SenderName} said {c.Text} [#{c.Line.Seq}]"),
        ("every third word left out", true, c => $"{Thin(c.Text)} [#{c.Line.Seq}]"),
        ("somebody else said it", false, c => $"{c.Other.SenderName} said {c.Text} [#{c.Line.Seq}]"),
        ("a number changed", false, c => Renumber(c.Text) is { } t ? $"{t} [#{c.Line.Seq}]" : null),
        ("denied", false, c => c.HasNegation ? null : $"it is not so that {c.Text} [#{c.Line.Seq}]"),
        ("another person's message cited", false, c => $"{c.Text} [#{c.Other.Seq}]"),
        ("a message that is not there cited", false, c => $"{c.Text} [#{c.Line.Seq + 100_000}]"),
    ];

    private sealed record Case(
        TranscriptLine Line,
        string Text,
        TranscriptLine Other,
        IReadOnlyList<TranscriptLine> Source
    )
    {
        public bool HasNegation =>
            Text.Split(' ').Any(w => w is "not" or "no" or "never" || w.EndsWith("n't", StringComparison.Ordinal));
    }

    public static Command Create()
    {
        var irc = new Option<string?>("--irc") { Description = "Folder with *.raw.txt and *.annotation.txt" };
        var command = new Command("eval-checks", "Scores the check of citations on true and spoiled sentences") { irc };
        command.SetAction(parse =>
        {
            if (EvalGroupingCommand.Logs(parse.GetValue(irc)) is not { } logs)
                return 1;
            var cases = logs.SelectMany(Cases).ToList();
            Console.WriteLine("| sentence | true | cases | passes | as supported |");
            Console.WriteLine("|---|---|---|---|---|");
            foreach (var (what, isTrue, make) in Kinds)
                Row(what, isTrue, [.. cases.Select(c => (c.Source, Text: make(c))).Where(c => c.Text is not null)]);
            return 0;
        });
        return command;
    }

    private static void Row(string what, bool isTrue, List<(IReadOnlyList<TranscriptLine> Source, string? Text)> cases)
    {
        var answers = cases.ConvertAll(c => CitationCheck.Check(c.Text!, c.Source, CheckPolicy.Summary));
        var passes = answers.Count(a => a.Fault == AnswerFault.None);
        var supported = answers.Count(a => a.SupportedShare > 0);
        Console.WriteLine(
            $"| {what} | {(isTrue ? "yes" : "no")} | {cases.Count} | {100.0 * passes / cases.Count:0.0} % "
                + $"| {100.0 * supported / cases.Count:0.0} % |"
        );
    }

    /// <summary>Every fifth plain message of some length, in the window of the fifty around it.</summary>
    private static IEnumerable<Case> Cases(IrcTranscript log)
    {
        for (var i = Window; i + Window < log.Lines.Count; i += 5)
        {
            var line = log.Lines[i];
            var text = line.Text.Trim().TrimEnd('.', '!');
            var plain = !text.AsSpan().ContainsAny(Unplain) && text.Split(' ').Length is >= 8 and <= 40;
            var source = log.Lines.Skip(i - Window / 2).Take(Window).ToList();
            var other = source.Find(l => l.Sender != line.Sender && !Mentions(text, l.SenderName) && l.Seq > line.Seq);
            if (plain && other is not null)
                yield return new Case(line, text, other, source);
        }
    }

    private static bool Mentions(string text, string name) => text.Contains(name, StringComparison.OrdinalIgnoreCase);

    private static string Thin(string text) => string.Join(' ', text.Split(' ').Where((_, i) => i % 3 != 2));

    private static string? Renumber(string text)
    {
        var words = text.Split(' ');
        var at = Array.FindIndex(words, w => int.TryParse(w, CultureInfo.InvariantCulture, out _));
        if (at < 0)
            return null;
        words[at] = (int.Parse(words[at], CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        return string.Join(' ', words);
    }
}
