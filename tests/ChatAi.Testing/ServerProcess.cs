using System.Diagnostics;
using System.Reflection;

namespace ChatAi.Testing;

/// <summary>
/// The built ChatNode as a process of its own, on a free port of the loopback address with its data in a temporary
/// folder. It survives <see cref="Kill9"/> and <see cref="RestartAsync"/>: port and data stay the same.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ComesUpWithin = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _settings;
    private readonly bool _ownsData;
    private readonly List<string> _earlierLog = [];
    private ChildProcess? _child;

    private ServerProcess(Dictionary<string, string> settings, string dataDir, bool ownsData)
    {
        Url = new Uri(settings["ASPNETCORE_URLS"]);
        DataDir = dataDir;
        _settings = settings;
        _ownsData = ownsData;
    }

    public Uri Url { get; }

    public string DataDir { get; }

    public int Id => Child.Id;

    public bool HasExited => Child.HasExited;

    public int ExitCode => Child.ExitCode;

    /// <summary>What all its lives have written, oldest first.</summary>
    public IReadOnlyList<string> Log => [.. _earlierLog, .. _child?.Log ?? []];

    private ChildProcess Child => _child ?? throw new InvalidOperationException("The server was never started.");

    /// <summary>Starts a server and waits until it says it is ready.</summary>
    /// <param name="settings">Environment keys beside or instead of the defaults, as architecture names them.</param>
    /// <param name="dataDir">An existing data folder to use and keep; otherwise a temporary one is made.</param>
    public static async Task<ServerProcess> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        string? dataDir = null
    )
    {
        var folder = dataDir ?? Directory.CreateTempSubdirectory("chatai-test-").FullName;
        var all = Defaults(folder);
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        var server = new ServerProcess(all, folder, ownsData: dataDir is null);
        try
        {
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public void Kill9() => Child.Kill9();

    public void Terminate() => Child.Terminate();

    public Task WaitForExitAsync(TimeSpan within) => Child.WaitForExitAsync(within);

    /// <summary>Ends what still runs (SIGKILL) and starts again on the same port and data.</summary>
    public async Task RestartAsync()
    {
        await Child.DisposeAsync();
        _earlierLog.AddRange(Child.Log);
        await LaunchAsync();
    }

    /// <summary>Runs a command of the program, such as <c>rebuild</c>, on the data of this server, which must not run.</summary>
    public Task RunCommandAsync(params string[] arguments) => RunCommandAsync(arguments, _settings, DataDir);

    /// <summary>Runs a command of the program with these settings and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0.</exception>
    public static async Task RunCommandAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings,
        string? folder = null
    )
    {
        await using var command = ChildProcess.StartDotnet(Assembly(), arguments, settings, folder);
        await command.WaitForExitAsync(TimeSpan.FromMinutes(2));
        if (command.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(' ', arguments)} ended with exit code {command.ExitCode}:\n{command.LogTail()}"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            await _child.DisposeAsync();
        }

        if (_ownsData)
        {
            Directory.Delete(DataDir, recursive: true);
        }
    }

    private static Dictionary<string, string> Defaults(string dataDir) =>
        new(CommonSettings, StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{ChildProcess.FreePort()}",
            ["ChatAi__DataDir"] = dataDir,
        };

    /// <summary>What every server of a test has unless the test says otherwise.</summary>
    public static IReadOnlyDictionary<string, string> CommonSettings { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ChatAi__Auth__RevealCodes"] = "true",
            ["ChatAi__Ai__Provider"] = "extractive",
            // Limits have tests of their own, which switch them on.
            ["ChatAi__RateLimit__MessagesPerSecond"] = "0",
            ["ChatAi__RateLimit__CodesPerMinute"] = "0",
            ["ChatAi__RateLimit__SearchesPerSecond"] = "0",
            ["ChatAi__Limits__ConnectionsPerUser"] = "0",
            ["ChatAi__Ai__Quota__RunsPerUserPerHour"] = "0",
            ["ChatAi__Ai__Quota__RunsPerChatPerHour"] = "0",
            ["ChatAi__Limits__ConnectionsPerAddress"] = "0",
            // Many servers at once exhaust the file watchers of a small machine.
            ["DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE"] = "false",
        };

    public static string Assembly()
    {
        var configuration = typeof(ServerProcess)
            .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
            .Configuration;
        var path = Path.Combine([
            RepositoryRoot.Find(),
            "src",
            "ChatNode",
            "bin",
            configuration,
            "net10.0",
            "ChatNode.dll",
        ]);
        return File.Exists(path) ? path : throw new FileNotFoundException("Build src/ChatNode first.", path);
    }

    private async Task LaunchAsync()
    {
        _child = ChildProcess.StartDotnet(Assembly(), [], _settings, DataDir);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url };
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync(http))
        {
            if (_child.HasExited)
            {
                throw new InvalidOperationException(
                    $"The server ended with exit code {_child.ExitCode} before it was ready:\n{_child.LogTail()}"
                );
            }

            if (clock.Elapsed > ComesUpWithin)
            {
                throw new TimeoutException($"The server was not ready within {ComesUpWithin}:\n{_child.LogTail()}");
            }

            await Task.Delay(50);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
