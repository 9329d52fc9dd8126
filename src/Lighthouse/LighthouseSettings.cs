using System.Net;
using ChatAi.Shared.Clustering;
using ChatAi.Shared.Configuration;

namespace ChatAi.Lighthouse;

/// <summary>
/// A seed needs the section <c>ChatAi:Cluster</c> alone, read as strictly as ChatNode does. Its role is its own.
/// </summary>
public static class LighthouseSettings
{
    public const string Role = "lighthouse";
    public const string DefaultUrl = "http://localhost:5081";

    /// <summary>Keys of ChatNode beside <c>Cluster</c>: passed over, since one file of settings may serve all.</summary>
    public static readonly IReadOnlySet<string> OfChatNode = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Admin",
        "Ai",
        "Attachments",
        "Auth",
        "Database",
        "DataDir",
        "Limits",
        "Logging",
        "Overload",
        "Projection",
        "Proxies",
        "Push",
        "RateLimit",
        "Retention",
    };

    private const int DefaultPort = 4053;
    private const string Section = "ChatAi";
    private const string ClusterSection = $"{Section}:Cluster";

    /// <exception cref="ConfigurationException">Names the key and what is wrong with it.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        var cluster = StrictSection.Read<ClusterSettings>(configuration, ClusterSection);
        var problems = configuration
            .GetSection(Section)
            .GetChildren()
            .Where(child =>
                !child.Path.Equals(ClusterSection, StringComparison.OrdinalIgnoreCase)
                && !OfChatNode.Contains(child.Key)
            )
            .Select(child => $"{child.Path} is not known.")
            .Concat(StrictSection.Problems(cluster, ClusterSection))
            .ToList();
        if (cluster is { SeedsDns.Length: > 0, Hostname.Length: > 0 } && !IPAddress.TryParse(cluster.Hostname, out _))
            problems.Add($"{ClusterSection}:Hostname: with SeedsDns a seed is known by its address, not by a name.");
        StrictSection.Require(problems);
        if (cluster.Tls.IsOn)
            NodeCertificate.Load(cluster.Tls, TimeProvider.System);
        cluster.Port ??= DefaultPort;
        return cluster;
    }
}
