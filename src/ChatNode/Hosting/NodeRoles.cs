using ChatAi.Shared.Clustering;

namespace ChatAi.ChatNode.Hosting;

/// <summary>What this node does.</summary>
/// <param name="Gateway">Sockets and the HTTP API; a node without serves health and metrics only.</param>
/// <param name="Chat">Entities, projections and the cluster's singletons.</param>
/// <param name="Ai">The assistant's workers.</param>
public sealed record NodeRoles(bool Gateway, bool Chat, bool Ai)
{
    private static readonly string[] Known = ["gateway", EntityHosting.Role, "ai"];

    public string[] Names
    {
        get
        {
            bool[] has = [Gateway, Chat, Ai];
            return [.. Known.Where((_, index) => has[index])];
        }
    }

    public static NodeRoles Of(ClusterSettings settings)
    {
        var names = ClusterSettings.Split(settings.Roles);
        if (names.Length == 0)
            names = Known;
        return new NodeRoles(names.Contains(Known[0]), names.Contains(Known[1]), names.Contains(Known[2]));
    }

    public static string? UnknownIn(ClusterSettings settings) =>
        ClusterSettings.Split(settings.Roles).FirstOrDefault(role => !Known.Contains(role));
}
