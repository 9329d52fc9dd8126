using System.CommandLine;
using ChatAi.Shared.Domain.Ai.Grouping;

namespace ChatAi.Bench.Evaluation;

/// <summary>
/// <c>fit-grouping</c>: fits the link weights on every second log and prints them as source. The penalty was chosen
/// by leaving out one of the tuned logs at a time; the held-out logs are not read for any choice.
/// </summary>
internal static class FitGroupingCommand
{
    public static Command Create()
    {
        var irc = new Option<string?>("--irc") { Description = "Folder with *.raw.txt and *.annotation.txt" };
        var penalty = new Option<double>("--penalty") { Description = "L2 penalty", DefaultValueFactory = _ => 3.0 };
        var validate = new Option<bool>("--cross-validate") { Description = "Scores each tuned log by the others" };
        var command = new Command("fit-grouping", "Fits the weights of the grouping on annotated IRC logs")
        {
            irc,
            penalty,
            validate,
        };
        command.SetAction(parse =>
        {
            if (EvalGroupingCommand.Logs(parse.GetValue(irc)) is not { } logs)
                return 1;
            var tuned = logs.Where((_, i) => EvalGroupingCommand.IsTuned(i)).ToList();
            if (parse.GetValue(validate))
                CrossValidate(tuned, parse.GetValue(penalty));
            else
                Console.Write(LinkTrainer.Source(LinkTrainer.Fit(tuned, parse.GetValue(penalty))));
            return 0;
        });
        return command;
    }

    private static void CrossValidate(List<IrcTranscript> tuned, double penalty)
    {
        var scores = tuned
            .AsParallel()
            .AsOrdered()
            .Select(log =>
            {
                var model = new LinkModel(LinkTrainer.Fit([.. tuned.Where(l => l != log)], penalty));
                return Groupers.Score(log, lines => Groupers.Ours(lines, new ConversationGrouper(model)));
            })
            .ToList();
        foreach (var (name, s) in tuned.Select(l => l.Name).Zip(scores).Append(("all", Groupers.Sum(scores))))
            Console.WriteLine(
                $"{name}: link F1 {100 * s.LinkF1:0.0}, 1 - VI {100 * s.ScaledVi:0.0}, exact F1 {100 * s.ExactF1:0.0}"
            );
    }
}
