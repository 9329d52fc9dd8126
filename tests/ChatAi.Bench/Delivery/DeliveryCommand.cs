using System.CommandLine;
using ChatAi.Bench.Sockets;

namespace ChatAi.Bench.Delivery;

/// <summary><c>delivery</c>: how fast messages go from socket to socket, beside the bare relay, in one run.</summary>
public static class DeliveryCommand
{
    public static Command Create()
    {
        var contestants = new Option<string>("--contestants")
        {
            Description = $"Comma-separated, of: {string.Join(", ", Contestants.Names)}",
            DefaultValueFactory = _ => "chatnode-sqlite,relay-sqlite,relay",
        };
        var url = UrlOption.Create("--url", "Load a server that runs already instead");
        var pid = new Option<int?>("--pid") { Description = "With --url: its process, to count its CPU" };
        var users = new Option<int>("--users") { Description = "Users, in pairs", DefaultValueFactory = _ => 200 };
        var size = new Option<int>("--size") { Description = "Bytes of a text", DefaultValueFactory = _ => 100 };
        var rates = new Option<string>("--rates")
        {
            Description = "Messages a second, comma-separated, to measure at",
            DefaultValueFactory = _ => "400",
        };
        var seconds = new Option<double>("--seconds") { Description = "Of each run", DefaultValueFactory = _ => 8 };
        var warmUp = new Option<double>("--warm-up") { Description = "Seconds before", DefaultValueFactory = _ => 20 };
        var repetitions = new Option<int>("--repetitions") { Description = "Rounds", DefaultValueFactory = _ => 3 };
        var noRamp = new Option<bool>("--no-ramp") { Description = "Do not look for the highest rate" };
        var rampSeconds = new Option<double>("--ramp-seconds")
        {
            Description = "Of each step of the search",
            DefaultValueFactory = _ => 2,
        };
        var limit = new Option<double>("--limit-ms")
        {
            Description = "A rate counts as sustained while the 99th percentile of delivery stays below",
            DefaultValueFactory = _ => 50,
        };
        var maxRate = new Option<double>("--max-rate")
        {
            Description = "End of the search",
            DefaultValueFactory = _ => 100_000,
        };
        var json = new Option<FileInfo>("--json") { Description = "Write every run as a JSON line" };
        var write = new Option<FileInfo>("--write") { Description = "Put the table into this Markdown file" };
        var command = new Command("delivery", "Delivery from socket to socket under open-loop load.")
        {
            contestants,
            url,
            pid,
            users,
            size,
            rates,
            seconds,
            warmUp,
            repetitions,
            noRamp,
            rampSeconds,
            limit,
            maxRate,
            json,
            write,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                var plan = new DeliveryPlan(
                    [.. arguments.GetValue(contestants)!.Split(',', StringSplitOptions.TrimEntries)],
                    arguments.GetValue(url),
                    arguments.GetValue(pid),
                    arguments.GetValue(users) / 2 * 2,
                    Math.Max(arguments.GetValue(size), LoadText.Shortest),
                    [
                        .. arguments
                            .GetValue(rates)!
                            .Split(',', StringSplitOptions.RemoveEmptyEntries)
                            .Select(double.Parse),
                    ],
                    arguments.GetValue(seconds),
                    arguments.GetValue(warmUp),
                    arguments.GetValue(repetitions),
                    arguments.GetValue(noRamp) ? null : arguments.GetValue(rampSeconds),
                    arguments.GetValue(limit),
                    arguments.GetValue(maxRate)
                );
                var results = await DeliveryBenchmark.RunAsync(plan, arguments.GetValue(json)?.FullName);
                var table = DeliveryReport.Markdown(plan, results);
                Console.WriteLine(table);
                if (results.Any(result => result.Run?.Void ?? false))
                {
                    return 1;
                }

                if (arguments.GetValue(write) is { } file)
                {
                    MarkdownSection.Replace(file.FullName, "delivery", table);
                }

                return 0;
            }
        );
        return command;
    }
}
