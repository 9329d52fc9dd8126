using System.Globalization;

namespace ChatAi.Testing.Clusters;

/// <summary>
/// Hosts as network namespaces of this machine. Each has two cables: one to the network of the cluster, which can be
/// cut, and one to the network of clients and the database. Needs root.
/// </summary>
public sealed class NetworkLab : IAsyncDisposable
{
    private static int _labs;

    private readonly string _name;
    private readonly int _subnet;

    private NetworkLab(string name, int subnet, int hosts)
    {
        _name = name;
        _subnet = subnet;
        Hosts =
        [
            .. Enumerable.Range(0, hosts).Select(i => new HostPlace(ClusterHost(i), ClientHost(i), $"{name}n{i}")),
        ];
    }

    /// <summary>Why there can be none on this machine, or null.</summary>
    public static string? WhyNot =>
        Environment.UserName != "root" ? "Network namespaces need root."
        : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") ? "The program ip (iproute2) is not installed."
        : null;

    public IReadOnlyList<HostPlace> Hosts { get; }

    /// <summary>This machine in the network of clients.</summary>
    public string HostAddress => $"10.{_subnet}.2.1";

    // Cluster cables end at one of two switches, a and b, joined by one cable.
    private string SwitchA => $"{_name}a";
    private string SwitchB => $"{_name}b";
    private string SwitchClients => $"{_name}d";

    public static async Task<NetworkLab> StartAsync(int hosts)
    {
        if (WhyNot is { } reason)
            throw new InvalidOperationException(reason);
        var number = (Environment.ProcessId * 16 + Interlocked.Increment(ref _labs)) & 0xffffff;
        var name = string.Create(CultureInfo.InvariantCulture, $"f{number:x}");
        var lab = new NetworkLab(name, await FreeSubnetAsync(), hosts);
        try
        {
            await lab.BuildAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Cuts these hosts off from all other members of the cluster, and from each other; clients and the database still reach them.</summary>
    public async Task IsolateAsync(IEnumerable<HostPlace> hosts)
    {
        foreach (var host in hosts)
            await IpAsync("link", "set", ClusterCable(host), "down");
    }

    /// <summary>Splits the cluster's network: these hosts reach each other but not the rest, and the other way round.</summary>
    public async Task SplitAsync(IReadOnlyCollection<HostPlace> hosts)
    {
        await IpAsync("link", "set", $"{_name}x", "down");
        foreach (var host in Hosts)
            await IpAsync("link", "set", ClusterCable(host), "master", hosts.Contains(host) ? SwitchB : SwitchA);
    }

    /// <summary>Everybody reaches everybody again.</summary>
    public async Task HealAsync()
    {
        await IpAsync("link", "set", $"{_name}x", "up");
        foreach (var host in Hosts)
            await IpAsync("link", "set", ClusterCable(host), "up");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Hosts)
            await TryIpAsync("netns", "del", host.Namespace!);
        foreach (var link in new[] { $"{_name}x", SwitchA, SwitchB, SwitchClients })
            await TryIpAsync("link", "del", link);
    }

    private async Task BuildAsync()
    {
        foreach (var bridge in new[] { SwitchA, SwitchB, SwitchClients })
        {
            await IpAsync("link", "add", bridge, "type", "bridge", "forward_delay", "0");
            await IpAsync("link", "set", bridge, "up");
        }

        await IpAsync("link", "add", $"{_name}x", "type", "veth", "peer", "name", $"{_name}y");
        await IpAsync("link", "set", $"{_name}x", "master", SwitchA, "up");
        await IpAsync("link", "set", $"{_name}y", "master", SwitchB, "up");
        await IpAsync("addr", "add", $"{HostAddress}/24", "dev", SwitchClients);
        for (var i = 0; i < Hosts.Count; i++)
        {
            await IpAsync("netns", "add", Hosts[i].Namespace!);
            await CableAsync(Hosts[i], ClusterCable(Hosts[i]), "cluster0", SwitchA, ClusterHost(i));
            await CableAsync(Hosts[i], $"{_name}e{i}", "client0", SwitchClients, ClientHost(i));
            await IpAsync("-n", Hosts[i].Namespace!, "link", "set", "lo", "up");
        }
    }

    private static async Task CableAsync(HostPlace host, string outside, string inside, string bridge, string address)
    {
        await IpAsync("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", host.Namespace!);
        await IpAsync("link", "set", outside, "master", bridge, "up");
        await IpAsync("-n", host.Namespace!, "addr", "add", $"{address}/24", "dev", inside);
        await IpAsync("-n", host.Namespace!, "link", "set", inside, "up");
    }

    private string ClusterHost(int host) => $"10.{_subnet}.1.{host + 11}";

    private string ClientHost(int host) => $"10.{_subnet}.2.{host + 11}";

    private string ClusterCable(HostPlace host) => $"{_name}c{Hosts.ToList().IndexOf(host)}";

    private static async Task<int> FreeSubnetAsync()
    {
        var taken = await OutputAsync("-4", "addr");
        var first = 64 + Random.Shared.Next(128);
        for (var i = 0; i < 128; i++)
        {
            var subnet = 64 + ((first + i) % 128);
            if (!taken.Contains($"inet 10.{subnet}.", StringComparison.Ordinal))
                return subnet;
        }

        throw new InvalidOperationException("No free network 10.x.0.0/16.");
    }

    private static Task IpAsync(params string[] arguments) => OutputAsync(arguments);

    private static async Task TryIpAsync(params string[] arguments)
    {
        try
        {
            await OutputAsync(arguments);
        }
        catch (InvalidOperationException)
        {
            // It was never made: the start failed before.
        }
    }

    private static async Task<string> OutputAsync(params string[] arguments)
    {
        await using var ip = ChildProcess.Start("ip", arguments);
        await ip.WaitForExitAsync(TimeSpan.FromSeconds(20));
        return ip.ExitCode == 0
            ? ip.LogTail(10_000)
            : throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {ip.LogTail()}");
    }
}
