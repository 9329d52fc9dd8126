using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChatAi.Bench.Delivery;
using ChatAi.Bench.Inference;
using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;
using ChatAi.Shared.Domain.Ai.Pieces;
using Microsoft.Extensions.AI;

namespace ChatAi.Bench.Evaluation;

/// <summary>
/// <c>eval-assistant</c>: summaries of windows of real logs, by quotes alone and with each model's pieces: what the checks
/// let pass, what they refuse and why, whether every citation is one of the messages shown, and how long it takes.
/// </summary>
internal static class EvalAssistantCommand
{
    private const int Window = 60;

    /// <summary>What one way of summing up did over all windows.</summary>
    private sealed class Score(string way)
    {
        public string Way => way;
        public int Windows { get; set; }
        public int Cites { get; set; }
        public int ValidCites { get; set; }
        public int Conversations { get; set; }
        public int Asked { get; set; }
        public Dictionary<PieceFault, int> Titles { get; } = [];
        public Dictionary<PieceFault, int> Sentences { get; } = [];
        public int WrongSpeaker { get; set; }
        public int Supported { get; set; }
        public int Replaced { get; set; }
        public List<double> FirstToken { get; } = [];
        public List<double> Seconds { get; } = [];

        public string Kept(Dictionary<PieceFault, int> faults) =>
            Share(faults.GetValueOrDefault(PieceFault.None), faults.Values.Sum());

        public static string Share(int part, int all) => all == 0 ? "–" : $"{100.0 * part / all:0.0} % of {all}";
    }

    public static Command Create()
    {
        var irc = new Option<string?>("--irc") { Description = "Folder with *.raw.txt and *.annotation.txt" };
        var models = new Option<string[]>("--model")
        {
            Description = "GGUF files; otherwise the small one beside the repository",
            DefaultValueFactory = _ => SmallModel.Find() is { } path ? [path] : [],
        };
        var windows = new Option<int>("--windows")
        {
            Description = "Windows of 60 messages, spread evenly over the logs",
            DefaultValueFactory = _ => 20,
        };
        var write = new Option<string?>("--write") { Description = "Markdown file whose table is replaced" };
        var command = new Command("eval-assistant", "Scores summaries of real logs") { irc, models, windows, write };
        command.SetAction(
            async (parse, cancel) =>
            {
                if (EvalGroupingCommand.Logs(parse.GetValue(irc)) is not { } logs)
                    return 1;
                var samples = Samples(logs, parse.GetValue(windows)).ToList();
                var scores = new List<Score> { Quotes(samples) };
                foreach (var model in parse.GetValue(models)!)
                    if (await ModelAsync(model, samples, cancel) is { } score)
                        scores.Add(score);
                var table = Table(scores, samples.Count);
                Console.WriteLine(table);
                if (parse.GetValue(write) is { } file)
                    MarkdownSection.Replace(file, "eval-assistant", table);
                return scores.TrueForAll(s => s.ValidCites == s.Cites) ? 0 : 1;
            }
        );
        return command;
    }

    private static IEnumerable<IReadOnlyList<TranscriptLine>> Samples(IReadOnlyList<IrcTranscript> logs, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var lines = logs[i % logs.Count].Lines;
            // The same places in every run.
            var start = (lines.Count - Window) * (i / logs.Count + 1) / (count / logs.Count + 2);
            yield return [.. lines.Skip(start).Take(Window)];
        }
    }

    private static SummaryPlan PlanOf(IReadOnlyList<TranscriptLine> lines) =>
        ExtractiveAssistant.Plan(new ExtractiveRequest(AiRunKind.Summarize, "", null, lines, null, 12));

    private static void Count(Score score, IReadOnlyList<TranscriptLine> lines, ExtractiveAnswer answer)
    {
        score.Windows++;
        score.Cites += answer.Cites.Count;
        score.ValidCites += answer.Cites.Count(seq =>
            lines.Any(l => l.Seq == seq) && answer.Text.Contains($"#{seq}", StringComparison.Ordinal)
        );
    }

    private static Score Quotes(List<IReadOnlyList<TranscriptLine>> samples)
    {
        var score = new Score("extractive");
        foreach (var lines in samples)
        {
            var clock = Stopwatch.StartNew();
            var plan = PlanOf(lines);
            var answer = plan.Compose([.. plan.Parts.Select(_ => PartWords.None)]);
            score.Seconds.Add(clock.Elapsed.TotalSeconds);
            score.Conversations += plan.Parts.Count;
            Count(score, lines, answer);
        }

        return score;
    }

    private static async Task<Score?> ModelAsync(
        string path,
        List<IReadOnlyList<TranscriptLine>> samples,
        CancellationToken cancel
    )
    {
        var options = new LlamaEngineOptions
        {
            ModelPath = path,
            Sequences = 1,
            BatchTokens = 128,
        };
        if (LlamaEngines.TryOpen(options, out var reason) is not { } engine)
        {
            await Console.Error.WriteLineAsync($"{path}: {reason}");
            return null;
        }

        using var client = new LlamaChatClient(
            new InferenceScheduler(engine, new SchedulerSettings(), TimeProvider.System)
        );
        var score = new Score(Path.GetFileName(path));
        foreach (var lines in samples)
        {
            var plan = PlanOf(lines);
            var words = new List<PartWords>();
            var clock = Stopwatch.StartNew();
            foreach (var part in plan.Parts)
                words.Add(await PartAsync(client, score, part, lines, cancel));
            score.Seconds.Add(clock.Elapsed.TotalSeconds);
            score.Conversations += plan.Parts.Count;
            score.Replaced += words.Count(w => w.Sentence is not null);
            Count(score, lines, plan.Compose(words));
            await Console.Error.WriteLineAsync(
                $"{score.Way}: window {score.Windows} of {samples.Count}, {clock.Elapsed.TotalSeconds:0.0} s"
            );
        }

        return score;
    }

    private static async Task<PartWords> PartAsync(
        LlamaChatClient client,
        Score score,
        SummaryPart part,
        IReadOnlyList<TranscriptLine> lines,
        CancellationToken cancel
    )
    {
        if (part.Chosen.Count < 2)
            return PartWords.None;
        score.Asked++;
        var (title, titleFault) = PieceCheck.Title(await AskAsync(client, score, PieceKind.Title, part, cancel), part);
        Add(score.Titles, titleFault);
        var answer = await AskAsync(client, score, PieceKind.Sentence, part, cancel);
        var (sentence, fault) = PieceCheck.Sentence(answer, part, lines, LexicalSupport.Instance);
        Add(score.Sentences, fault);
        var cites = string.Join(", ", part.Chosen.Select(l => $"#{l.Seq}"));
        var check = CitationCheck.Check($"{answer.Split('\n')[0]} [{cites}]", lines, CheckPolicy.Summary);
        score.WrongSpeaker += check.Sentences.Any(s => s.Verdict == SentenceVerdict.WrongName) ? 1 : 0;
        score.Supported += check.Sentences.Any(s => s.Verdict == SentenceVerdict.Supported) ? 1 : 0;
        return new PartWords(title, sentence?.Sentence, sentence?.Cites ?? []);

        static void Add(Dictionary<PieceFault, int> faults, PieceFault fault) =>
            faults[fault] = faults.GetValueOrDefault(fault) + 1;
    }

    private static async Task<string> AskAsync(
        LlamaChatClient client,
        Score score,
        PieceKind kind,
        SummaryPart part,
        CancellationToken cancel
    )
    {
        var messages = PiecePrompt
            .Build(kind, part)
            .Select(m => new ChatMessage(m.Role == PromptRole.System ? ChatRole.System : ChatRole.User, m.Content));
        var options = new ChatOptions
        {
            MaxOutputTokens = PiecePrompt.MaxTokens(kind),
            Temperature = 0,
            StopSequences = ["\n"],
        };
        var clock = Stopwatch.StartNew();
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancel))
        {
            if (text.Length == 0 && update.Text.Length > 0)
                score.FirstToken.Add(clock.Elapsed.TotalMilliseconds);
            text.Append(update.Text);
            finish ??= update.FinishReason;
        }

        return finish == ChatFinishReason.Stop ? text.ToString() : "";
    }

    private static string Table(List<Score> scores, int windows)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{windows} windows of {Window} messages from the logs, the same in every run; one sequence, one thread, temperature 0."
        );
        text.AppendLine();
        text.AppendLine("| | " + string.Join(" | ", scores.Select(s => s.Way)) + " |");
        text.AppendLine("|---|" + string.Concat(scores.Select(_ => "---|")));
        Row("citations of a message that is there and stands in the text", s => Score.Share(s.ValidCites, s.Cites));
        Row("conversations", s => $"{s.Conversations}");
        Row("… that a model was asked about", s => s.Asked == 0 ? "–" : $"{s.Asked}");
        Row("titles kept", s => s.Kept(s.Titles));
        Row("… refused because", s => Faults(s.Titles));
        Row("sentences kept (in place of quotes)", s => s.Kept(s.Sentences));
        Row("… refused because", s => Faults(s.Sentences));
        Row("sentences at the high bar of one message", s => Score.Share(s.Supported, s.Asked));
        Row(
            "sentences that name a wrong speaker that the checks saw (none of them shown)",
            s => Score.Share(s.WrongSpeaker, s.Asked)
        );
        Row("first token of a piece, median ms", s => s.FirstToken.Count == 0 ? "–" : $"{Median(s.FirstToken):0}");
        Row("a summary, median s", s => $"{Median(s.Seconds):0.00}");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Machine: {Machine.Describe()}.");
        return text.ToString();

        void Row(string what, Func<Score, string> of) =>
            text.AppendLine($"| {what} | " + string.Join(" | ", scores.Select(of)) + " |");
    }

    private static string Faults(Dictionary<PieceFault, int> faults)
    {
        var refused = faults.Where(f => f.Key != PieceFault.None).OrderByDescending(f => f.Value).ToList();
        return refused.Count == 0 ? "–" : string.Join(", ", refused.Select(f => $"{f.Key} {f.Value}"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
