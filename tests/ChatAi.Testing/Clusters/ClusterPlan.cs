namespace ChatAi.Testing.Clusters;

/// <summary>What a <see cref="ChatCluster"/> consists of.</summary>
/// <param name="Lighthouses">Seed nodes.</param>
/// <param name="Nodes">Roles of each ChatNode as in <c>ChatAi:Cluster:Roles</c>; an empty text is all of them.</param>
/// <param name="Settings">Environment keys of every process beside or instead of the defaults.</param>
/// <param name="Durable">False where no crash of the database is played: <c>fsync</c> off.</param>
/// <param name="Namespaces">Each process is a host of its own, in a network namespace: needs <see cref="NetworkLab.WhyNot"/> to be null.</param>
/// <param name="NodeAssembly">Another build of ChatNode than the one beside the tests.</param>
public sealed record ClusterPlan(
    int Lighthouses,
    IReadOnlyList<string> Nodes,
    IReadOnlyDictionary<string, string>? Settings = null,
    bool Durable = true,
    bool Namespaces = false,
    string? NodeAssembly = null
)
{
    /// <summary>The given number of nodes that have every role.</summary>
    public static ClusterPlan Equal(int lighthouses, int nodes) => new(lighthouses, [.. Enumerable.Repeat("", nodes)]);
}
