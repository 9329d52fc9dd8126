using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Engine;

/// <summary>
/// An engine of the tests' own on a machine without a registry: stand-in images of the same names made of the machine's
/// packages, containers in a private network namespace, all state in a temporary folder.
/// </summary>
public sealed class StandInEngine : ContainerEngine
{
    private readonly string _scripts;
    private readonly DirectoryInfo _state;
    private readonly List<NamespacePort> _ports = [];

    private StandInEngine(string scripts)
    {
        _scripts = scripts;
        // Not below /tmp: that may be a file system that layers cannot lie on.
        _state = Directory.CreateDirectory($"/var/tmp/chatai-oci-{System.Environment.ProcessId}");
        Environment = new Dictionary<string, string>
        {
            ["OCI_DIR"] = _state.FullName,
            ["DOCKER_HOST"] = $"unix://{_state.FullName}/engine.sock",
            ["DOCKER_CONFIG"] = $"{_state.FullName}/config",
            ["DOCKER_BUILDKIT"] = "0",
        };
    }

    protected override IReadOnlyDictionary<string, string> Environment { get; }

    public override string Images => "stand-in images";

    /// <summary>Null where they are not, or not for this user.</summary>
    public static string? ScriptsFolder() =>
        System.Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? RepositoryRoot.Shared("oci") : null;

    public static async Task<(ContainerEngine? Engine, string WhyNot)> InstallAsync(string scripts)
    {
        var engine = new StandInEngine(scripts);
        try
        {
            await engine.ScriptAsync("engine", "install");
            return (engine, "");
        }
        catch (InvalidOperationException failed)
        {
            await engine.DisposeAsync();
            return (null, $"no container engine can be installed here: {failed.Message}");
        }
    }

    public override async Task<IReadOnlyList<string>> PrepareBuildAsync()
    {
        await ScriptAsync("engine", "builder");
        await ScriptAsync("standins.sh");
        // The engine that builds has no bridge: packages come by the machine's own network.
        var file = Path.Combine(_state.FullName, "build.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            services:
              chatnode: { build: { network: host } }
              lighthouse-1: { build: { network: host } }
            """
        );
        return ["-f", file];
    }

    public override Task PrepareRunAsync() => ScriptAsync("engine", "cluster");

    public override Uri Reach(int port)
    {
        var holder = int.Parse(
            File.ReadAllText(Path.Combine(_state.FullName, "holder.pid")),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var opened = new NamespacePort(holder, port);
        _ports.Add(opened);
        return opened.Url;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var port in _ports)
            await port.DisposeAsync();
        await ScriptAsync("engine", "down");
        await Commands.RunAsync("rm", ["-rf", "--one-file-system", _state.FullName], Environment, Patience);
        await base.DisposeAsync();
    }

    private Task ScriptAsync(string name, params string[] arguments) =>
        Commands.RunAsync("bash", [Path.Combine(_scripts, name), .. arguments], Environment, Patience);
}
