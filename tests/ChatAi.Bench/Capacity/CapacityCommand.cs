using System.CommandLine;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Capacity;

/// <summary><c>capacity</c>: what one connection, one message and one run of the assistant cost: what a plan rests on.</summary>
public static class CapacityCommand
{
    public static Command Create()
    {
        var idle = new Option<int>("--idle-users")
        {
            Description = "Users who connect and say nothing",
            DefaultValueFactory = _ => 1_000,
        };
        var rate = new Option<double>("--rate") { Description = "Messages a second", DefaultValueFactory = _ => 1_000 };
        var messages = new Option<int>("--messages")
        {
            Description = "Messages to send",
            DefaultValueFactory = _ => 200_000,
        };
        var runs = new Option<int>("--runs") { Description = "Runs of the assistant", DefaultValueFactory = _ => 200 };
        var write = new Option<FileInfo?>("--write") { Description = "Put the table into this Markdown file" };
        var command = new Command(
            "capacity",
            "Bytes, CPU and memory of one message, connection and run, on PostgreSQL."
        )
        {
            idle,
            rate,
            messages,
            runs,
            write,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                var plan = new CapacityPlan(
                    arguments.GetValue(idle) / 2 * 2,
                    arguments.GetValue(rate),
                    arguments.GetValue(messages),
                    arguments.GetValue(runs)
                );
                var table = CapacityReport.Markdown(plan, await CapacityBenchmark.RunAsync(plan));
                Console.WriteLine(table);
                if (arguments.GetValue(write) is { } file)
                    MarkdownSection.Replace(file.FullName, "capacity", table);
                return 0;
            }
        );
        return command;
    }
}
