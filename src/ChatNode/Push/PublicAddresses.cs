using System.Net;
using System.Net.Sockets;
using IPNetwork = System.Net.IPNetwork;

namespace ChatAi.ChatNode.Push;

/// <summary>Which addresses the service may call because a stranger asked it to: public ones, and those of the settings.</summary>
public sealed class PublicAddresses(IReadOnlyList<IPNetwork> allowed)
{
    // IANA's special-purpose registries. Of IPv6 only global unicast is public at all.
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "2001::/23",
            "2001:db8::/32",
            // 6to4 carries an IPv4 address, any.
            "2002::/16",
            "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public bool Allows(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (allowed.Any(network => network.Contains(address)))
            return true;
        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !Special.Any(network => network.Contains(address));
    }
}
