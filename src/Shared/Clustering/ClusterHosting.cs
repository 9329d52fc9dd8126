using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using ChatAi.Shared.Configuration;
using Microsoft.Extensions.Logging;
using ConfigurationException = ChatAi.Shared.Configuration.ConfigurationException;

namespace ChatAi.Shared.Clustering;

/// <summary>What every node of a cluster is, whether it hosts something or is a seed only.</summary>
public static class ClusterHosting
{
    public const string SystemName = "chatai";
    public const string HoconFile = "akka.hocon";

    /// <summary>The file lies beside the program and is the same on every node.</summary>
    public static Config ReadCommonHocon() =>
        ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, HoconFile)));

    /// <summary>Remoting, TLS and membership by the settings.</summary>
    /// <param name="yields">As for <see cref="SeedActor"/>.</param>
    /// <exception cref="ConfigurationException">The certificate cannot be used.</exception>
    public static AkkaConfigurationBuilder WithNode(
        this AkkaConfigurationBuilder akka,
        ClusterSettings settings,
        string[] roles,
        TimeProvider time,
        ILoggerFactory logs,
        bool yields = false
    )
    {
        var host = HostOf(settings);
        var port = settings.Port ?? 0;
        var remote = new RemoteOptions
        {
            HostName = settings.BindHostname.Length > 0 ? settings.BindHostname : host,
            Port = settings.BindPort ?? port,
            PublicHostName = host,
            PublicPort = settings.BindPort is null ? null : port,
        };
        if (settings.Tls.IsOn)
        {
            remote.EnableSsl = true;
            remote.Ssl = NodeTls.Of(NodeCertificate.Load(settings.Tls, time));
        }
        var (find, look) = SeedsOf(settings, time, logs.CreateLogger(typeof(SeedNames).FullName!));
        return akka.WithRemoting(remote)
            .WithClustering(new ClusterOptions { Roles = roles })
            .AddStartup((system, _) => system.ActorOf(SeedActor.Props(find, look, yields), SeedActor.Name));
    }

    private static (
        Func<CancellationToken, Task<IReadOnlyList<HostPort>>> Find,
        Func<CancellationToken, Task<IReadOnlyList<HostPort>>> Look
    ) SeedsOf(ClusterSettings settings, TimeProvider time, ILogger log)
    {
        if (settings.SeedsDns.Length > 0)
        {
            var names = new SeedNames(
                HostPort.Parse(settings.SeedsDns)!.Value,
                settings.SeedsDnsAtLeast,
                SeedNames.SystemLookupAsync,
                time,
                log
            );
            return (names.SettledAsync, names.LookUpAsync);
        }
        IReadOnlyList<HostPort> seeds =
        [
            .. ClusterSettings.Split(settings.Seeds).Select(seed => HostPort.Parse(seed)!.Value),
        ];
        return (_ => Task.FromResult(seeds), _ => Task.FromResult(seeds));
    }

    /// <summary>Where the others reach this node.</summary>
    private static string HostOf(ClusterSettings settings)
    {
        if (settings.Hostname.Length > 0)
            return settings.Hostname;
        if (settings.SeedsDns.Length == 0)
            return "127.0.0.1";
        return OwnAddresses().FirstOrDefault()?.ToString()
            ?? throw new ConfigurationException(
                "Configuration: ChatAi:Cluster:Hostname is required: this machine has no IPv4 address of its own."
            );
    }

    private static IEnumerable<IPAddress> OwnAddresses() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Where(link => link.OperationalStatus == OperationalStatus.Up)
            .Where(link => link.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(link => link.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork);
}
