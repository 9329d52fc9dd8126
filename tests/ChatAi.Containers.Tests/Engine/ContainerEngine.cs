using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Engine;

/// <summary>A container engine with compose that tests may use.</summary>
public abstract class ContainerEngine : IAsyncDisposable
{
    /// <summary>Long for a busy machine of two cores, short for one that waits in vain.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Environment of the client's commands.</summary>
    protected abstract IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Where the base images are from.</summary>
    public virtual string Images => "images of the machine's own engine";

    /// <summary>An engine, or why there is none.</summary>
    public static async Task<(ContainerEngine? Engine, string WhyNot)> FindAsync()
    {
        if (StandInEngine.ScriptsFolder() is { } scripts)
            return await StandInEngine.InstallAsync(scripts);
        return await InstalledEngine.TryAsync();
    }

    /// <summary>Further arguments of <c>docker compose</c> while it builds.</summary>
    public virtual Task<IReadOnlyList<string>> PrepareBuildAsync() => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Between building and running.</summary>
    public virtual Task PrepareRunAsync() => Task.CompletedTask;

    /// <summary>Where this process reaches a port that compose publishes.</summary>
    public virtual Uri Reach(int port) => new($"http://127.0.0.1:{port}");

    /// <summary>Runs the client; a failure is thrown with what it wrote.</summary>
    public Task<string> DockerAsync(params IEnumerable<string> arguments) =>
        Commands.RunAsync("docker", arguments, Environment, Patience);

    public async Task<bool> SucceedsAsync(params IEnumerable<string> arguments) =>
        await Commands.ExitCodeAsync("docker", arguments, Environment, Patience) == 0;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
