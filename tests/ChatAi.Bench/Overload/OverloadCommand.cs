using System.CommandLine;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Overload;

/// <summary><c>overload</c>: more than a server can do, offered regardless.</summary>
public static class OverloadCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server")
        {
            Description = "chatnode-sqlite or chatnode-postgres",
            DefaultValueFactory = _ => "chatnode-sqlite",
        };
        var users = new Option<int>("--users") { Description = "In pairs", DefaultValueFactory = _ => 200 };
        var rate = new Option<double?>("--rate") { Description = "The sustainable rate; else it is looked for" };
        var seconds = new Option<double>("--seconds") { Description = "Of each run", DefaultValueFactory = _ => 6 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds before", DefaultValueFactory = _ => 20 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds", DefaultValueFactory = _ => 3 };
        var write = new Option<FileInfo?>("--write")
        {
            Description = "Put the table into this Markdown file and the curve beside it, into images/overload.svg",
        };
        var command = new Command("overload", "What a server does with more than it can do, and how it comes back.")
        {
            server,
            users,
            rate,
            seconds,
            warmUp,
            rounds,
            write,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                var plan = new OverloadPlan(
                    Contestants.Named(arguments.GetValue(server)!),
                    arguments.GetValue(users) / 2 * 2,
                    arguments.GetValue(rate),
                    [0.5, 1, 1.5, 2, 3, 4],
                    arguments.GetValue(seconds),
                    arguments.GetValue(warmUp),
                    arguments.GetValue(rounds)
                );
                OverloadResult result;
                try
                {
                    result = await OverloadBenchmark.RunAsync(plan);
                }
                catch (VoidRunException)
                {
                    await Console.Error.WriteLineAsync("A run lost, doubled or reordered something: no table.");
                    return 1;
                }

                var table = OverloadReport.Markdown(plan, result);
                Console.WriteLine(table);
                if (arguments.GetValue(write) is { } file)
                {
                    MarkdownSection.Replace(file.FullName, "overload", table);
                    var image = Path.Combine(file.DirectoryName!, "images", "overload.svg");
                    await File.WriteAllTextAsync(image, OverloadReport.Plot(result));
                }

                return 0;
            }
        );
        return command;
    }
}
