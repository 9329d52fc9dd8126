using System.Text;
using ChatAi.Testing;

namespace ChatAi.Bench.Replay;

/// <param name="Deltas">Pieces that streamed before the end.</param>
/// <param name="Problems">What does not fit together; empty when all is well.</param>
public sealed record SummaryAnswer(
    string Status,
    string Text,
    IReadOnlyList<long> Cites,
    int Deltas,
    IReadOnlyList<string> Problems
);

/// <summary>Asks the assistant for a summary of a chat and follows the answer as it streams.</summary>
public static class SummaryRequest
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(120);

    public static async Task<SummaryAnswer> AskAsync(ChatClient client, Guid chat)
    {
        var mark = client.Mark();
        var run = (await ReplayCast.PatientlyAsync(() => client.AskAiAsync(chat, "summarize"))).Run;
        var end = await client.WaitForAsync(seen => seen.Ev == "ai.ended" && seen.Run == run, AnswersWithin, mark);
        var status = end.Field("status")?.GetString() ?? "";
        if (status != "done")
        {
            return new SummaryAnswer(status, "", [], 0, [$"The run ended as {status}: {end.D}"]);
        }

        var message = await client.WaitForAsync(
            seen => seen.Ev == "message.created" && seen.Run == run,
            AnswersWithin,
            mark
        );
        var deltas = client.Seen.Skip(mark).Where(seen => seen.Ev == "ai.delta" && seen.Run == run).ToList();
        return new SummaryAnswer(status, message.Text ?? "", message.Cites, deltas.Count, Check(message, deltas));
    }

    private static List<string> Check(ChatEvent message, List<ChatEvent> deltas)
    {
        var problems = new List<string>();
        if (!message.IsAi || message.Sender != Wire.Assistant)
        {
            problems.Add("The answer is not the assistant's.");
        }

        if (string.IsNullOrWhiteSpace(message.Text))
        {
            problems.Add("The answer is empty.");
        }

        if (message.Cites.Any(cite => cite <= 0 || cite >= message.Seq))
        {
            problems.Add("The answer cites what was not said before it.");
        }

        // Deltas may be dropped, but those that came must be pieces of the answer at the place they name.
        var whole = message.Text ?? "";
        foreach (var delta in deltas)
        {
            var (off, text) = (delta.Field("off")!.Value.GetInt32(), delta.Text!);
            if (off + text.Length > whole.Length || !whole.AsSpan(off, text.Length).SequenceEqual(text))
            {
                problems.Add($"A streamed piece at {off} is not in the answer: {text}");
            }
        }

        return problems;
    }

    public static string Describe(SummaryAnswer answer, IReadOnlyList<SaidLine> said)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"The assistant answered ({answer.Status}, {answer.Deltas} pieces, {answer.Cites.Count} citations):"
        );
        text.AppendLine().AppendLine(answer.Text).AppendLine();
        foreach (var cite in answer.Cites.Distinct())
        {
            var source = said.FirstOrDefault(line => line.Seq == cite);
            text.AppendLine(
                source is null
                    ? $"  [{cite}] (no line of the log)"
                    : $"  [{cite}] <{source.Line.Speaker}> {source.Line.Text}"
            );
        }

        return text.ToString();
    }
}
