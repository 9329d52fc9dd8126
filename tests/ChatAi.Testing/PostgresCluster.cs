namespace ChatAi.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, on the loopback address, with its durable defaults
/// (<c>fsync</c> and <c>synchronous_commit</c> on). It refuses to run as root, so there it runs as <c>postgres</c>.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _port;
    private readonly string _host;
    private readonly (string Program, IReadOnlyList<string> Arguments) _command;
    private ChildProcess _server;
    private int _databases;

    private PostgresCluster(string folder, string host, int port, (string, IReadOnlyList<string>) command)
    {
        _folder = folder;
        _host = host;
        _port = port;
        _command = command;
        _server = Launch();
    }

    /// <summary>Where the server keeps its data.</summary>
    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>The process that all the database's processes descend from.</summary>
    public int Id => _server.Id;

    /// <summary>The newest installed programs of PostgreSQL, or null where there are none: such tests skip.</summary>
    public static string? Programs() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .EnumerateDirectories("/usr/lib/postgresql")
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
                .MaxBy(bin => bin, StringComparer.Ordinal)
            : null;

    /// <param name="durable">False where nothing is measured and no crash is played: many databases come and go faster.</param>
    /// <param name="host">The address that it listens on; anyone who reaches it is trusted.</param>
    /// <param name="extra">Further settings of the server, as <c>name=value</c>.</param>
    public static async Task<PostgresCluster> StartAsync(
        bool durable = true,
        string host = "127.0.0.1",
        IReadOnlyList<string>? extra = null
    )
    {
        var programs = Programs() ?? throw new FileNotFoundException("PostgreSQL is not installed here.");
        var folder = Directory.CreateTempSubdirectory("chatai-postgres-").FullName;
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["postgres", folder]);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync(
            AsUser(Path.Combine(programs, "initdb"), ["-D", data, "-U", "chatai", "-A", "trust", "-E", "UTF8"])
        );
        await File.AppendAllTextAsync(Path.Combine(data, "pg_hba.conf"), "host all all all trust\n");
        var port = ChildProcess.FreePort();
        // Several nodes, each with its pools.
        string[] settings =
        [
            "-c",
            "max_connections=400",
            .. durable ? Array.Empty<string>() : ["-c", "fsync=off"],
            .. (extra ?? []).SelectMany(setting => new[] { "-c", setting }),
        ];
        var command = AsUser(
            Path.Combine(programs, "postgres"),
            ["-D", data, "-p", $"{port}", "-h", host, "-k", folder, .. settings]
        );
        var cluster = new PostgresCluster(folder, host, port, command);
        await cluster.WaitUntilReadyAsync();
        return cluster;
    }

    /// <summary>Ends the server: its clients are cut off. The data stays.</summary>
    /// <param name="crash">Without a checkpoint: the next start recovers from the write-ahead log.</param>
    public async Task StopAsync(bool crash = false)
    {
        // To PostgreSQL an interrupt is a fast shutdown; a termination would wait for every client to leave.
        if (crash)
            _server.Quit();
        else
            _server.Interrupt();
        await _server.WaitForExitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Starts a stopped server on the same port and data.</summary>
    public async Task StartAgainAsync()
    {
        await _server.DisposeAsync();
        _server = Launch();
        await WaitUntilReadyAsync();
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"chatai{Interlocked.Increment(ref _databases)}";
        await RunAsync(Path.Combine(Programs()!, "createdb"), ["-h", _host, "-p", $"{_port}", "-U", "chatai", name]);
        return $"Host={_host};Port={_port};Username=chatai;Database={name}";
    }

    /// <summary>Copies a database while it is in use, as of one moment, and returns the copy's connection string.</summary>
    public async Task<string> CopyDatabaseAsync(string connectionString)
    {
        var copy = await CreateDatabaseAsync();
        var dump = Path.Combine(_folder, $"{NameOf(copy)}.dump");
        await RunAsync(
            Path.Combine(Programs()!, "pg_dump"),
            [.. Connect, "-Fc", "-Z0", "-f", dump, NameOf(connectionString)]
        );
        await RunAsync(Path.Combine(Programs()!, "pg_restore"), [.. Connect, "-d", NameOf(copy), dump]);
        File.Delete(dump);
        return copy;
    }

    public Task DropDatabaseAsync(string connectionString) =>
        RunAsync(Path.Combine(Programs()!, "dropdb"), [.. Connect, "--force", NameOf(connectionString)]);

    public async ValueTask DisposeAsync()
    {
        if (!_server.HasExited)
            await StopAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ChildProcess Launch() => ChildProcess.Start(_command.Program, _command.Arguments, workingDirectory: "/");

    private string[] Connect => ["-h", _host, "-p", $"{_port}", "-U", "chatai"];

    private static string NameOf(string connectionString) =>
        connectionString[(connectionString.LastIndexOf('=') + 1)..];

    private static (string Program, IReadOnlyList<string> Arguments) AsUser(string program, string[] arguments) =>
        Environment.UserName == "root"
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : (program, arguments);

    private static Task RunAsync((string Program, IReadOnlyList<string> Arguments) call) =>
        RunAsync(call.Program, call.Arguments);

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        await using var child = ChildProcess.Start(program, arguments, workingDirectory: "/");
        await child.WaitForExitAsync(TimeSpan.FromSeconds(60));
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {child.ExitCode}:\n{child.LogTail()}");
        }
    }

    private async Task WaitUntilReadyAsync()
    {
        while (true)
        {
            try
            {
                await RunAsync(Path.Combine(Programs()!, "pg_isready"), ["-h", _host, "-p", $"{_port}"]);
                return;
            }
            catch (InvalidOperationException) when (!_server.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
