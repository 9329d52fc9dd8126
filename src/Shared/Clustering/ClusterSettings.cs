using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ChatAi.Shared.Clustering;

/// <summary>The section <c>ChatAi:Cluster</c>: where this node is, and how it finds the others.</summary>
public sealed class ClusterSettings : IValidatableObject
{
    /// <summary>
    /// Name or address under which the other nodes reach this one. Default: with <see cref="SeedsDns"/> this machine's
    /// address, else <c>127.0.0.1</c>.
    /// </summary>
    public string Hostname { get; set; } = "";

    /// <summary>Port under which the other nodes reach this one. ChatNode's default 0 takes any free port.</summary>
    [Range(0, 65_535)]
    public int? Port { get; set; }

    /// <summary>Address to listen on where it is not <see cref="Hostname"/>, such as <c>0.0.0.0</c> in a container.</summary>
    public string BindHostname { get; set; } = "";

    /// <summary>Port to listen on where it is not <see cref="Port"/>.</summary>
    [Range(0, 65_535)]
    public int? BindPort { get; set; }

    /// <summary><c>host:port</c>, separated by commas, the same list on every node. Empty: the node is its own seed.</summary>
    public string Seeds { get; set; } = "";

    /// <summary><c>name:port</c>: every IPv4 address of the name is a seed. Instead of <see cref="Seeds"/>.</summary>
    public string SeedsDns { get; set; } = "";

    /// <summary>So many addresses the name of <see cref="SeedsDns"/> must have before they count.</summary>
    [Range(1, 100)]
    public int SeedsDnsAtLeast { get; set; } = 1;

    /// <summary>Of <c>gateway</c>, <c>chat</c>, <c>ai</c>, separated by commas. Empty: all three.</summary>
    public string Roles { get; set; } = "";

    public TlsSettings Tls { get; set; } = new();

    /// <summary>Other nodes are looked for; without, a node is a cluster of its own.</summary>
    public bool HasSeeds => Seeds.Length > 0 || SeedsDns.Length > 0;

    public static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Seeds.Length > 0 && SeedsDns.Length > 0)
            yield return new("Either Seeds or SeedsDns, not both.");
        foreach (var seed in Split(Seeds).Where(seed => HostPort.Parse(seed) is null))
            yield return new($"Seeds: '{seed}' is not 'host:port'.");
        if (SeedsDns.Length > 0 && HostPort.Parse(SeedsDns) is null)
            yield return new($"SeedsDns: '{SeedsDns}' is not 'name:port'.");
        if (Hostname.Length > 0 && Uri.CheckHostName(Hostname) == UriHostNameType.Unknown)
            yield return new($"Hostname: '{Hostname}' is neither a name nor an address.");
        if (IPAddress.TryParse(Hostname, out var address) && IsAny(address))
            yield return new($"Hostname: others cannot reach '{Hostname}'; it belongs into BindHostname.");
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}

/// <summary>
/// The section <c>ChatAi:Cluster:Tls</c>: with a certificate, nodes talk by TLS only, and each shows the other a
/// certificate of the same authority. Files are read once, at start.
/// </summary>
public sealed class TlsSettings : IValidatableObject
{
    /// <summary>Path of a PFX file, or of a PEM file with the node's certificate first. Empty: no TLS.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Path of the PEM file with the private key, where the certificate's PEM file does not hold it.</summary>
    public string Key { get; set; } = "";

    /// <summary>Of the PFX file or the encrypted PEM key.</summary>
    public string Password { get; set; } = "";

    /// <summary>Path of a PEM file with the authorities whose certificates nodes may show.</summary>
    public string Ca { get; set; } = "";

    public bool IsOn => Certificate.Length > 0;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsOn && Ca.Length == 0)
            yield return new("Ca is required with Certificate.");
        if (!IsOn && (Ca.Length > 0 || Key.Length > 0 || Password.Length > 0))
            yield return new("Certificate is required for TLS.");
    }
}
