using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace ChatAi.ChatNode.Hosting;

/// <summary>
/// Behind a balancer every connection comes from it: the client's address, which limits and logs go by, is what a
/// trusted proxy says in <c>X-Forwarded-For</c>, and nobody else.
/// </summary>
public static class TrustedProxies
{
    /// <summary>Networks of <c>ChatAi:Proxies</c>: addresses or <c>address/bits</c>, separated by commas.</summary>
    /// <exception cref="FormatException">Names what is neither.</exception>
    public static IReadOnlyList<IPNetwork> Parse(string list) =>
        [
            .. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text =>
                    IPNetwork.TryParse(text, out var network) ? network
                    : IPAddress.TryParse(text, out var address) ? Alone(address)
                    : throw new FormatException($"Proxies: '{text}' is neither an address nor 'address/bits'.")
                ),
        ];

    public static void UseTrustedProxies(this WebApplication app, ChatAiOptions options)
    {
        var networks = Parse(options.Proxies);
        if (networks.Count == 0)
            return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            // From the last entry on, as long as a trusted proxy wrote it: what a client wrote itself is not reached.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in networks)
            forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
    }

    private static IPNetwork Alone(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
