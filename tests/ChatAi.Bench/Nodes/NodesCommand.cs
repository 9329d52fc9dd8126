using System.CommandLine;
using ChatAi.Bench.Delivery;

namespace ChatAi.Bench.Nodes;

/// <summary><c>nodes</c>: one, two and three nodes of a cluster on this machine, within a node and across nodes.</summary>
public static class NodesCommand
{
    public static Command Create()
    {
        var users = new Option<int>("--users") { Description = "Users of each kind", DefaultValueFactory = _ => 100 };
        var rate = new Option<double>("--rate") { Description = "Messages a second", DefaultValueFactory = _ => 200 };
        var seconds = new Option<double>("--seconds") { Description = "Of each run", DefaultValueFactory = _ => 4 };
        var rounds = new Option<int>("--rounds") { Description = "In turn", DefaultValueFactory = _ => 3 };
        var most = new Option<int>("--nodes") { Description = "From one to so many", DefaultValueFactory = _ => 3 };
        var noRamp = new Option<bool>("--no-ramp") { Description = "Do not look for the highest rate" };
        var write = new Option<FileInfo?>("--write") { Description = "Put the table into this Markdown file" };
        var command = new Command("nodes", "Delivery in clusters of one, two and three nodes, on PostgreSQL.")
        {
            users,
            rate,
            seconds,
            rounds,
            most,
            noRamp,
            write,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                var plan = new NodesPlan(
                    arguments.GetValue(users) / 2 * 2,
                    arguments.GetValue(rate),
                    arguments.GetValue(seconds),
                    arguments.GetValue(rounds),
                    arguments.GetValue(most),
                    !arguments.GetValue(noRamp)
                );
                var results = await NodesBenchmark.RunAsync(plan);
                var table = NodesReport.Markdown(plan, results);
                Console.WriteLine(table);
                if (arguments.GetValue(write) is { } file)
                    MarkdownSection.Replace(file.FullName, "nodes", table);
                return 0;
            }
        );
        return command;
    }
}
