using System.Reflection;
using System.Security.Cryptography;

namespace ChatAi.Testing.Clusters;

/// <summary>
/// A PostgreSQL, Lighthouses and ChatNodes as processes of their own, on free ports with their data in a temporary
/// folder. Use <see cref="RunAsync"/>: it prints the ends of all logs when the test fails.
/// </summary>
public sealed class ChatCluster : IAsyncDisposable
{
    private readonly string _folder;

    private ChatCluster(string folder, PostgresCluster postgres, string connectionString)
    {
        _folder = folder;
        Postgres = postgres;
        ConnectionString = connectionString;
    }

    /// <summary>Why no cluster can be started here, or null: a test skips with it.</summary>
    public static string? WhyNot =>
        PostgresCluster.Programs() is null ? "PostgreSQL's programs are not installed." : null;

    public PostgresCluster Postgres { get; }

    /// <summary>Of the database that journal and read tables are in.</summary>
    public string ConnectionString { get; }

    public NetworkLab? Network { get; private set; }

    public IReadOnlyList<ClusterProcess> Lighthouses { get; private set; } = [];

    public IReadOnlyList<ClusterProcess> Nodes { get; private set; } = [];

    /// <summary>The node with this role that has run longest: the cluster's singletons of that role live there.</summary>
    public ClusterProcess Oldest(string role) =>
        Nodes.Where(node => node.IsRunning && node.Has(role)).MinBy(node => node.StartedAt)!;

    public IEnumerable<ClusterProcess> All => Lighthouses.Concat(Nodes);

    /// <summary>Starts a cluster, does something with it and ends it. On failure every process's last lines are printed.</summary>
    public static async Task RunAsync(ClusterPlan plan, Action<string> print, Func<ChatCluster, Task> test)
    {
        await using var cluster = await StartAsync(plan);
        try
        {
            await test(cluster);
        }
        catch
        {
            cluster.PrintLogs(print);
            throw;
        }
    }

    /// <summary>
    /// Starts the Lighthouses and the first node, which becomes the oldest, then the others, and waits until every
    /// process says it is ready.
    /// </summary>
    public static async Task<ChatCluster> StartAsync(ClusterPlan plan)
    {
        var network = plan.Namespaces ? await NetworkLab.StartAsync(plan.Lighthouses + plan.Nodes.Count) : null;
        var postgres = await PostgresCluster.StartAsync(plan.Durable, network?.HostAddress ?? "127.0.0.1");
        var folder = Directory.CreateTempSubdirectory("chatai-cluster-").FullName;
        var cluster = new ChatCluster(folder, postgres, await postgres.CreateDatabaseAsync()) { Network = network };
        try
        {
            cluster.Plan(plan);
            foreach (var process in cluster.Lighthouses.Concat(cluster.Nodes.Take(1)))
                await process.StartAsync();
            await Task.WhenAll(cluster.Lighthouses.Select(process => process.WaitUntilReadyAsync()));
            foreach (var process in cluster.Nodes.Skip(1))
                await process.StartAsync();
            await cluster.WaitUntilReadyAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every process that runs says it is ready.</summary>
    public Task WaitUntilReadyAsync() =>
        Task.WhenAll(All.Where(process => process.IsRunning).Select(process => process.WaitUntilReadyAsync()));

    public void PrintLogs(Action<string> print, int lines = 60)
    {
        foreach (var process in All)
        {
            print($"--- the last lines of {process.Name} ({process.Address}, {process.Url})");
            foreach (var line in process.Log.TakeLast(lines))
                print(line);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in All)
            await process.DisposeAsync();
        await Postgres.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Plan(ClusterPlan plan)
    {
        var places = Network?.Hosts ?? [.. Enumerable.Repeat(HostPlace.Loopback, plan.Lighthouses + plan.Nodes.Count)];
        var ports = places.Select(_ => ChildProcess.FreePort()).ToList();
        var seeds = string.Join(
            ',',
            Enumerable.Range(0, plan.Lighthouses).Select(i => $"{places[i].ClusterHost}:{ports[i]}")
        );
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        ClusterProcess Make(string name, int index, string assembly, string roles)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            var settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = $"http://{places[index].ClientHost}:{ChildProcess.FreePort()}",
                ["ConnectionStrings__ChatAi"] = ConnectionString,
                ["ChatAi__Database"] = "postgres",
                ["ChatAi__DataDir"] = folder,
                ["ChatAi__Auth__SigningKey"] = key,
                ["ChatAi__Cluster__Hostname"] = places[index].ClusterHost,
                ["ChatAi__Cluster__Port"] = $"{ports[index]}",
                ["ChatAi__Cluster__Seeds"] = seeds,
                ["ChatAi__Cluster__Roles"] = roles,
                // The harness asks for health all the time: the log is for what happens.
                ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
                ["Logging__LogLevel__Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
            };
            foreach (
                var (setting, value) in ServerProcess.CommonSettings.Concat(
                    plan.Settings ?? new Dictionary<string, string>()
                )
            )
                settings[setting] = value;
            return new ClusterProcess(name, assembly, places[index], settings, folder);
        }

        Lighthouses =
        [
            .. Enumerable
                .Range(0, plan.Lighthouses)
                .Select(i => Make($"lighthouse{i + 1}", i, Assembly("Lighthouse"), "lighthouse")),
        ];
        Nodes =
        [
            .. plan.Nodes.Select(
                (roles, i) =>
                    Make($"node{i + 1}", plan.Lighthouses + i, plan.NodeAssembly ?? Assembly("ChatNode"), roles)
            ),
        ];
    }

    private static string Assembly(string program)
    {
        var configuration = typeof(ChatCluster)
            .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
            .Configuration;
        var path = Path.Combine([
            RepositoryRoot.Find(),
            "src",
            program,
            "bin",
            configuration,
            "net10.0",
            $"{program}.dll",
        ]);
        return File.Exists(path) ? path : throw new FileNotFoundException($"Build src/{program} first.", path);
    }
}
