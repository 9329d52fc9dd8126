namespace ChatAi.Testing.Clusters;

/// <summary>Where in the network a process runs.</summary>
/// <param name="ClusterHost">Its address for the other members of the cluster.</param>
/// <param name="ClientHost">Its address for clients.</param>
/// <param name="Namespace">The network namespace that it runs in, or null for the machine's own.</param>
public sealed record HostPlace(string ClusterHost, string ClientHost, string? Namespace)
{
    public static HostPlace Loopback { get; } = new("127.0.0.1", "127.0.0.1", null);

    public ChildProcess StartDotnet(string assembly, IReadOnlyDictionary<string, string> settings, string folder)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // `ip netns exec` becomes the program: signals reach it as they would without.
        return Namespace is null
            ? ChildProcess.Start(dotnet, [assembly], settings, folder)
            : ChildProcess.Start("ip", ["netns", "exec", Namespace, dotnet, assembly], settings, folder);
    }
}
