using System.Net;
using ChatAi.Shared.Clustering;
using ChatAi.Shared.Configuration;

namespace ChatAi.Lighthouse;

/// <summary>The section <c>ChatAi</c> as a seed has it: nothing but the cluster.</summary>
public sealed class LighthouseSettings
{
    public const string Role = "lighthouse";
    public const string DefaultUrl = "http://localhost:5081";
    private const int DefaultPort = 4053;
    private const string Section = "ChatAi";

    public ClusterSettings Cluster { get; set; } = new();

    /// <exception cref="ConfigurationException">Names the key and what is wrong with it.</exception>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        var settings = StrictSection.Read<LighthouseSettings>(configuration, Section);
        var cluster = settings.Cluster;
        var problems = StrictSection.Problems(settings, Section).ToList();
        if (cluster.Roles.Length > 0)
            problems.Add($"{Section}:Cluster:Roles: a Lighthouse hosts nothing and has no roles to choose.");
        if (cluster is { SeedsDns.Length: > 0, Hostname.Length: > 0 } && !IPAddress.TryParse(cluster.Hostname, out _))
            problems.Add($"{Section}:Cluster:Hostname: with SeedsDns a seed is known by its address, not by a name.");
        StrictSection.Require(problems);
        if (cluster.Tls.IsOn)
            NodeCertificate.Load(cluster.Tls, TimeProvider.System);
        cluster.Port ??= DefaultPort;
        return cluster;
    }
}
