using System.Diagnostics;
using System.Text.Json;
using ChatAi.Containers.Tests.Engine;
using ChatAi.Containers.Tests.Files;
using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Cluster;

/// <summary>docker/compose.yaml as users get it, built and running; or the reason why it cannot be here.</summary>
public sealed class ContainerCluster : IAsyncLifetime
{
    // Another name than a user's, whose containers may run beside.
    private const string Project = "chataitest";
    private const string Up = "healthy";
    private static readonly TimeSpan ComesUpWithin = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chatai-compose-");
    private readonly List<string> _took = [];
    private ContainerEngine? _engine;

    /// <summary>Empty when it runs.</summary>
    public string WhyNot { get; private set; } = "";

    /// <summary>How long each step took, and with which images.</summary>
    public string Story => string.Join(", ", _took);

    public Uri People { get; private set; } = null!;

    public Uri Operators { get; private set; } = null!;

    public string AdminToken { get; private set; } = "";

    public ContainerEngine Engine => _engine!;

    public static string Container(string service, int number = 1) => $"{Project}-{service}-{number}";

    public static IReadOnlyList<string> Nodes { get; } = [Container("chatnode", 1), Container("chatnode", 2)];

    public static IReadOnlyList<string> Seeds { get; } = [Container("lighthouse-1"), Container("lighthouse-2")];

    public async Task InitializeAsync()
    {
        try
        {
            (_engine, WhyNot) = await TimedAsync("engine", ContainerEngine.FindAsync);
            if (_engine is not null)
                await StartAsync(_engine);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        if (_engine is not null)
        {
            // Also where half of it came up, or nothing.
            if (File.Exists(EnvFile))
            {
                await _engine.SucceedsAsync(Compose(["kill"]));
                await _engine.SucceedsAsync(Compose(["down", "-v"]));
            }
            await _engine.DisposeAsync();
        }
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts what a test has stopped, and waits until all is well again.</summary>
    public async Task AllUpAsync()
    {
        await Engine.DockerAsync(["start", .. Seeds, .. Nodes]);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var states = await HealthAsync();
            if (states.All(state => state == Up))
                return;
            if (clock.Elapsed > ComesUpWithin)
                throw new TimeoutException(
                    $"After {clock.Elapsed} still {string.Join(", ", states)}:\n{await LogAsync()}"
                );
            await Task.Delay(500);
        }
    }

    public async Task<IReadOnlyList<string>> HealthAsync() =>
        (await Engine.DockerAsync(["inspect", "--format", "{{.State.Health.Status}}", .. Seeds, .. Nodes])).Split('\n');

    public async Task<JsonElement> InspectAsync(string container) =>
        JsonDocument.Parse(await Engine.DockerAsync("inspect", container)).RootElement[0].Clone();

    public async Task<string> LogAsync() => await Engine.DockerAsync(Compose(["logs", "--no-color", "--tail", "30"]));

    private string EnvFile => Path.Combine(_folder.FullName, "env");

    private async Task StartAsync(ContainerEngine engine)
    {
        var isPrivate = engine is StandInEngine;
        var (http, operators) = isPrivate ? (8080, 8081) : (ChildProcess.FreePort(), ChildProcess.FreePort());
        await WriteEnvAsync(isPrivate ? [] : [$"CHATAI_HTTP={http}", $"CHATAI_OPERATORS={operators}"]);

        var further = await TimedAsync("base images", engine.PrepareBuildAsync);
        await TimedAsync("build", () => engine.DockerAsync(Compose(["build"], further)));
        await engine.PrepareRunAsync();
        string[] up = ["up", "-d", "--no-build", "--pull", isPrivate ? "never" : "missing", "--wait"];
        try
        {
            await TimedAsync("up", () => engine.DockerAsync(Compose([.. up, "--wait-timeout", "150"])));
        }
        catch (InvalidOperationException failed)
        {
            throw new InvalidOperationException($"{failed.Message}\n{await LogAsync()}", failed);
        }
        _took.Add($"with {engine.Images}");
        (People, Operators) = (engine.Reach(http), engine.Reach(operators));
        AdminToken = DockerFolder.Env(await File.ReadAllTextAsync(EnvFile))["CHATAI_ADMIN_TOKEN"];
    }

    private async Task WriteEnvAsync(IReadOnlyList<string> ports)
    {
        var made = await Commands.RunAsync(
            "sh",
            [DockerFolder.Path("make-env.sh"), "development"],
            new Dictionary<string, string>(),
            TimeSpan.FromSeconds(30)
        );
        string[] images =
        [
            "CHATAI_CHATNODE_IMAGE=chatai/chatnode:test",
            "CHATAI_LIGHTHOUSE_IMAGE=chatai/lighthouse:test",
        ];
        await File.WriteAllLinesAsync(EnvFile, [made, .. images, .. ports]);
    }

    private List<string> Compose(IReadOnlyList<string> command, IReadOnlyList<string>? files = null) =>
        [
            "compose",
            "--progress",
            "plain",
            "-p",
            Project,
            "--env-file",
            EnvFile,
            "-f",
            DockerFolder.Path("compose.yaml"),
            .. files ?? [],
            .. command,
        ];

    private async Task<T> TimedAsync<T>(string step, Func<Task<T>> run)
    {
        var clock = Stopwatch.StartNew();
        var result = await run();
        _took.Add($"{step} {clock.Elapsed.TotalSeconds:F0} s");
        return result;
    }
}
