using System.CommandLine;
using ChatAi.Bench.Delivery;
using ChatAi.Bench.Inference;

namespace ChatAi.Bench.AiLoad;

/// <summary><c>ai-load</c>: people's delivery with the assistant saturated beside idle; first words; cancelling.</summary>
internal static class AiLoadCommand
{
    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "GGUF file of a chat model" };
        var users = new Option<int>("--users") { DefaultValueFactory = _ => 100 };
        var rate = new Option<double>("--rate") { DefaultValueFactory = _ => 200 };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 15 };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
        var sequences = new Option<int>("--sequences") { DefaultValueFactory = _ => 4 };
        var write = new Option<string?>("--write") { Description = "Markdown file whose table is replaced" };
        var command = new Command("ai-load", "Measures what the assistant costs people, and its own promptness.")
        {
            model,
            users,
            rate,
            seconds,
            rounds,
            sequences,
            write,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                if ((arguments.GetValue(model) ?? SmallModel.Find()) is not { } path)
                {
                    await Console.Error.WriteLineAsync("Nothing to measure: no model (give --model FILE).");
                    return 1;
                }

                var plan = new AiLoadPlan(
                    Path.GetFullPath(path),
                    arguments.GetValue(users) / 2 * 2,
                    arguments.GetValue(rate),
                    arguments.GetValue(seconds),
                    arguments.GetValue(rounds),
                    arguments.GetValue(sequences)
                );
                var table = await new AiLoadBenchmark(plan).RunAsync();
                Console.WriteLine(table);
                if (arguments.GetValue(write) is { } file)
                    MarkdownSection.Replace(file, "ai-load", table);
                return 0;
            }
        );
        return command;
    }
}
