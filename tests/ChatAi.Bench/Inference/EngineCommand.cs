using System.CommandLine;
using ChatAi.Bench.Delivery;
using ChatAi.ChatNode.Ai.Engine;

namespace ChatAi.Bench.Inference;

/// <summary><c>engine</c>: the local engine beside a plain loop, eight conversations beside one, a follow-up beside a cold start.</summary>
internal static class EngineCommand
{
    public static Command Create()
    {
        var model = new Option<string?>("--model") { Description = "GGUF file to make into Q4_0 and measure" };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
        var tokens = new Option<int>("--tokens")
        {
            Description = "Tokens an answer, 300 at most",
            DefaultValueFactory = _ => 96,
        };
        var write = new Option<string?>("--write") { Description = "Markdown file whose table is replaced" };
        var command = new Command("engine", "Measures the local engine.") { model, rounds, tokens, write };
        command.SetAction(arguments =>
        {
            var path = arguments.GetValue(model) ?? SmallModel.Find();
            if (path is null || !LlamaEngines.Available(out var reason) && reason is not null)
            {
                Console.Error.WriteLine("Nothing to measure: no model (give --model FILE) or no llama.cpp libraries.");
                return 1;
            }

            var report = Run(path, arguments.GetValue(rounds), arguments.GetValue(tokens));
            Console.WriteLine(report);
            if (arguments.GetValue(write) is { } file)
            {
                MarkdownSection.Replace(file, "engine", report);
            }

            return 0;
        });
        return command;
    }

    private static string Run(string model, int rounds, int tokens)
    {
        var folder = Directory.CreateTempSubdirectory("chatai-engine-").FullName;
        try
        {
            var benchmark = new EngineBenchmark(SmallModel.Requantize(model, folder), rounds, tokens);
            var name = $"{Path.GetFileName(model)} made into Q4_0";
            return EngineReport.Write(
                name,
                tokens,
                benchmark.AgainstPlainLoop(),
                benchmark.EightAgainstOne(),
                benchmark.FollowUp()
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
