using System.CommandLine;
using ChatAi.Faults.Plans;
using ChatAi.Testing;
using ChatAi.Testing.Clusters;

namespace ChatAi.Faults.Running;

/// <summary><c>table</c>, <c>soak</c> and <c>plan</c>.</summary>
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

    private static readonly Option<int> Nodes = new("--nodes")
    {
        Description = "Nodes that have every role",
        DefaultValueFactory = _ => 3,
    };

    public static RootCommand Create() =>
        new("Faults against a cluster of real processes, and a checker of what clients saw.") { Plan(), Table() };

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
        var command = new Command("table", "Every fault once.") { Seed, Only, Nodes };
        command.SetAction(
            async (arguments, _) =>
            {
                var seed = arguments.GetValue(Seed);
                var only = arguments.GetValue(Only) ?? [];
                Console.WriteLine($"seed {seed}");
                bool Wanted(string name) => only.Length == 0 || only.Contains(name);
                var results = await PlayAsync(
                    seed,
                    ClusterPlan.Equal(2, arguments.GetValue(Nodes)),
                    [.. Equal.Where(Wanted)]
                );
                var apart = new ClusterPlan(2, ["gateway", "gateway", "chat", "chat", "ai"]);
                results = [.. results, .. await PlayAsync(seed, apart, [.. Apart.Where(Wanted)])];
                Console.WriteLine(FaultTable.Of(results));
                return results.Any(result => result.Violations.Count > 0) ? 1 : 0;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<FaultResult>> PlayAsync(
        int seed,
        ClusterPlan plan,
        IReadOnlyList<string> names
    )
    {
        var results = new List<FaultResult>();
        if (names.Count == 0)
            return results;
        plan = plan with { Namespaces = NetworkLab.WhyNot is null, Settings = Settings };
        var log = Path.Combine(
            Directory.CreateDirectory(Path.Combine(RepositoryRoot.Find(), "artifacts")).FullName,
            $"faults-{seed}.log"
        );
        await ChatCluster.RunAsync(
            plan,
            line => File.AppendAllText(log, line + '\n'),
            async cluster =>
            {
                await using var run = new FaultRun(seed, new Traffic(), cluster, Console.WriteLine);
                await run.BeginAsync();
                foreach (var planned in FaultPlan.Each(seed, names))
                    if (await run.PlayAsync(planned) is { } result)
                        results.Add(result);
            }
        );
        return results;
    }
}
