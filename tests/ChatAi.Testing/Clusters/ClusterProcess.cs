using System.Diagnostics;

namespace ChatAi.Testing.Clusters;

/// <summary>
/// A Lighthouse or a ChatNode as a process. Its name, ports, data folder and place in the network stay the same
/// through all its lives.
/// </summary>
public sealed class ClusterProcess : IAsyncDisposable
{
    /// <summary>How long a start may take on a busy machine.</summary>
    public static readonly TimeSpan ComesUpWithin = TimeSpan.FromSeconds(90);

    private readonly string _assembly;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _folder;
    private readonly List<string> _earlierLog = [];
    private readonly HttpClient _http;
    private ChildProcess? _child;

    internal ClusterProcess(
        string name,
        string assembly,
        HostPlace place,
        IReadOnlyDictionary<string, string> settings,
        string folder
    )
    {
        Name = name;
        Roles = settings["ChatAi__Cluster__Roles"];
        Place = place;
        Url = new Uri(settings["ASPNETCORE_URLS"]);
        Address = $"{settings["ChatAi__Cluster__Hostname"]}:{settings["ChatAi__Cluster__Port"]}";
        _assembly = assembly;
        _settings = settings;
        _folder = folder;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) })
        {
            BaseAddress = Url,
            Timeout = TimeSpan.FromSeconds(5),
        };
    }

    /// <summary>Such as <c>node2</c> or <c>lighthouse1</c>.</summary>
    public string Name { get; }

    /// <summary>As in <c>ChatAi:Cluster:Roles</c>; empty means all.</summary>
    public string Roles { get; }

    public HostPlace Place { get; }

    /// <summary>When this life of it began.</summary>
    public TimeSpan StartedAt { get; private set; }

    /// <summary>Where clients and probes of health find it.</summary>
    public Uri Url { get; }

    /// <summary><c>host:port</c> between the members of the cluster.</summary>
    public string Address { get; }

    public int Id => Child.Id;

    public bool IsRunning => _child is { HasExited: false };

    public int ExitCode => Child.ExitCode;

    /// <summary>What all its lives have written, oldest first.</summary>
    public IReadOnlyList<string> Log => [.. _earlierLog, .. _child?.Log ?? []];

    private ChildProcess Child => _child ?? throw new InvalidOperationException($"{Name} was never started.");

    public bool Has(string role) => Roles.Length == 0 || Roles.Split(',').Contains(role);

    public void Kill9() => Child.Kill9();

    /// <summary>SIGTERM: the orderly way to leave.</summary>
    public void Terminate() => Child.Terminate();

    /// <summary>SIGSTOP: as a machine that pauses; the others see it go silent.</summary>
    public void Suspend() => Child.Suspend();

    /// <summary>SIGCONT.</summary>
    public void Resume() => Child.Resume();

    public Task WaitForExitAsync(TimeSpan within) => Child.WaitForExitAsync(within);

    /// <summary>Starts it, after the end of its last life (SIGKILL where that still runs).</summary>
    public async Task StartAsync()
    {
        if (_child is { } last)
        {
            await last.DisposeAsync();
            _earlierLog.AddRange(last.Log);
        }

        StartedAt = Stopwatch.GetElapsedTime(0);
        _child = Place.StartDotnet(_assembly, _settings, _folder);
    }

    public async Task RestartAsync()
    {
        await StartAsync();
        await WaitUntilReadyAsync();
    }

    /// <summary>What <c>/health/ready</c> says; false too when nobody answers.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits until it says it is ready; its end before that is an error with the end of its log.</summary>
    public async Task WaitUntilReadyAsync(TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (Child.HasExited)
                throw new InvalidOperationException(
                    $"{Name} ended with exit code {Child.ExitCode} before it was ready:\n{Child.LogTail()}"
                );
            if (clock.Elapsed > (within ?? ComesUpWithin))
                throw new TimeoutException($"{Name} was not ready within {clock.Elapsed}:\n{Child.LogTail()}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await _child.DisposeAsync();
        _http.Dispose();
    }
}
