namespace ChatAi.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, on the loopback address, with its durable defaults
/// (<c>fsync</c> and <c>synchronous_commit</c> on). It refuses to run as root, so there it runs as <c>postgres</c>.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _port;
    private readonly ChildProcess _server;
    private int _databases;

    private PostgresCluster(string folder, int port, ChildProcess server)
    {
        _folder = folder;
        _port = port;
        _server = server;
    }

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
    public static async Task<PostgresCluster> StartAsync(bool durable = true)
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
        var port = ChildProcess.FreePort();
        string[] settings = durable ? [] : ["-c", "fsync=off"];
        var (program, arguments) = AsUser(
            Path.Combine(programs, "postgres"),
            ["-D", data, "-p", $"{port}", "-h", "127.0.0.1", "-k", folder, .. settings]
        );
        var cluster = new PostgresCluster(folder, port, ChildProcess.Start(program, arguments));
        await cluster.WaitUntilReadyAsync(programs);
        return cluster;
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"chatai{Interlocked.Increment(ref _databases)}";
        await RunAsync(
            Path.Combine(Programs()!, "createdb"),
            ["-h", "127.0.0.1", "-p", $"{_port}", "-U", "chatai", name]
        );
        return $"Host=127.0.0.1;Port={_port};Username=chatai;Database={name}";
    }

    public async ValueTask DisposeAsync()
    {
        // To PostgreSQL an interrupt is a fast shutdown; a termination would wait for every client to leave.
        _server.Interrupt();
        await _server.WaitForExitAsync(TimeSpan.FromSeconds(20));
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

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

    private async Task WaitUntilReadyAsync(string programs)
    {
        while (true)
        {
            try
            {
                await RunAsync(Path.Combine(programs, "pg_isready"), ["-h", "127.0.0.1", "-p", $"{_port}"]);
                return;
            }
            catch (InvalidOperationException) when (!_server.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }
}
