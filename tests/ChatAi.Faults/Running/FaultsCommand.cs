using System.CommandLine;
using System.Diagnostics;
using ChatAi.Faults.Plans;
using ChatAi.Faults.Plants;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Running;

/// <summary><c>table</c>, <c>soak</c>, <c>plant</c> and <c>plan</c>.</summary>
public static class FaultsCommand
{
    /// <summary>On nodes that have every role.</summary>
    public static readonly IReadOnlyList<string> Equal =
    [
        "kill-lighthouse",
        "kill-node",
        "kill-singletons",
        "terminate-node",
        "freeze-node",
        "isolate-node",
        "split-halves",
        "postgres-restart",
        "postgres-gone",
        "rolling-restart",
        "kill-all",
    ];

    /// <summary>On nodes that have one role each.</summary>
    public static readonly IReadOnlyList<string> Apart = ["kill-gateway", "kill-chat", "kill-ai"];

    public static IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string> { ["ChatAi__Auth__AccessTokenSeconds"] = "86400" };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Of people, chats, acts and faults",
        DefaultValueFactory = _ => Random.Shared.Next(1, 1_000_000),
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Only these faults",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "Faults begin until so long after the start",
        DefaultValueFactory = _ => 60,
    };

    private static readonly Option<FileInfo?> Write = new("--write")
    {
        Description = "A page whose section faults is replaced",
    };

    private static readonly Option<int> Nodes = new("--nodes")
    {
        Description = "Nodes that have every role",
        DefaultValueFactory = _ => 3,
    };

    public static RootCommand Create() =>
        new("Faults against a cluster of real processes, and a checker of what clients saw.")
        {
            Plan(),
            Table(),
            Soak(),
            Planted(),
        };

    private static Command Plan()
    {
        var command = new Command("plan", "Prints what a seed stands for.") { Seed };
        command.SetAction(arguments =>
        {
            var seed = arguments.GetValue(Seed);
            Console.WriteLine($"seed {seed}");
            foreach (var fault in FaultPlan.Each(seed, [.. Equal, .. Apart]))
                Console.WriteLine(fault);
            var cast = Cast.Of(seed, 8, 8);
            for (var person = 0; person < cast.People; person++)
                foreach (var act in PersonScript.Of(seed, person, cast, 4).Take(10))
                    Console.WriteLine($"person {person}: {act}");
        });
        return command;
    }

    private static Command Table()
    {
        var command = new Command("table", "Every fault once.") { Seed, Only, Nodes, Write };
        command.SetAction(
            async (arguments, _) =>
            {
                var seed = arguments.GetValue(Seed);
                var only = arguments.GetValue(Only) ?? [];
                Console.WriteLine($"seed {seed}");
                bool Wanted(string name) => only.Length == 0 || only.Contains(name);
                var equal = ClusterPlan.Equal(2, arguments.GetValue(Nodes));
                var results = await PlayAsync(seed, equal, FaultPlan.Each(seed, [.. Equal.Where(Wanted)]));
                var apart = new ClusterPlan(2, ["gateway", "gateway", "chat", "chat", "ai"]);
                results = [.. results, .. await PlayAsync(seed, apart, FaultPlan.Each(seed, [.. Apart.Where(Wanted)]))];
                var table = $"{FaultTable.Of(results)}\n\nSeed {seed}. {Machine()}.";
                Console.WriteLine(table);
                if (arguments.GetValue(Write) is { } page)
                    FaultTable.Replace(page.FullName, table);
                return results.Any(result => result.Violations.Count > 0) ? 1 : 0;
            }
        );
        return command;
    }

    private static Command Soak()
    {
        var command = new Command("soak", "Faults in any order, until the time is over.") { Seed, Minutes, Nodes };
        command.SetAction(
            async (arguments, _) =>
            {
                var seed = arguments.GetValue(Seed);
                Console.WriteLine($"seed {seed}");
                var results = await PlayAsync(
                    seed,
                    ClusterPlan.Equal(2, arguments.GetValue(Nodes)),
                    FaultPlan.Mix(seed, Equal),
                    TimeSpan.FromMinutes(arguments.GetValue(Minutes))
                );
                Console.WriteLine(FaultTable.Of(results));
                return results.Any(result => result.Violations.Count > 0) ? 1 : 0;
            }
        );
        return command;
    }

    private static Command Planted()
    {
        var name = new Argument<string>("name").AcceptOnlyFromAmong([.. Plant.All.Select(plant => plant.Name)]);
        var command = new Command(
            "plant",
            "Puts a bug into a copy of the sources and sees whether the checker finds it."
        )
        {
            name,
            Seed,
        };
        command.SetAction(
            async (arguments, _) =>
            {
                var seed = arguments.GetValue(Seed);
                var plant = Plant.All.Single(plant => plant.Name == arguments.GetValue(name));
                Console.WriteLine($"seed {seed}: {plant.Name}, which must be found as '{plant.Finds}'");
                var folder = Directory.CreateTempSubdirectory("chatai-plant-").FullName;
                try
                {
                    var plan = ClusterPlan.Equal(2, 2) with { NodeAssembly = await plant.BuildAsync(folder) };
                    var results = await PlayAsync(seed, plan, FaultPlan.Each(seed, ["postgres-restart", "kill-all"]));
                    var found = results.Sum(result => result.Violations.Count(v => v.Rule == plant.Finds));
                    Console.WriteLine($"{FaultTable.Of(results)}\n\n{found} times '{plant.Finds}'");
                    return found > 0 ? 0 : 1;
                }
                finally
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<FaultResult>> PlayAsync(
        int seed,
        ClusterPlan plan,
        IEnumerable<PlannedFault> faults,
        TimeSpan? atMost = null
    )
    {
        var results = new List<FaultResult>();
        if (faults.Take(1).ToList() is [])
            return results;
        plan = plan with { Namespaces = NetworkLab.WhyNot is null, Settings = Settings };
        var artifacts = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Find(), "artifacts"));
        var log = Path.Combine(artifacts.FullName, $"faults-{seed}.log");
        var clock = Stopwatch.StartNew();
        await ChatCluster.RunAsync(
            plan,
            line => File.AppendAllText(log, line + '\n'),
            async cluster =>
            {
                await using var run = new FaultRun(seed, new Traffic(), cluster, Console.WriteLine);
                await run.BeginAsync();
                foreach (var planned in faults)
                {
                    if (atMost is not null && clock.Elapsed > atMost)
                        break;
                    var result = await run.PlayAsync(planned);
                    if (result is not null)
                        results.Add(result);
                    if (result is { Violations.Count: > 0 })
                        cluster.PrintLogs(line => File.AppendAllText(log, line + '\n'), lines: 400);
                }
            }
        );
        return results;
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores shared by clients, PostgreSQL and all processes; load average at the end "
        + string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));
}
