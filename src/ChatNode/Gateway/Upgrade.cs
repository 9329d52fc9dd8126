using System.Net;

namespace ChatAi.ChatNode.Gateway;

/// <summary>What has to be right about an upgrade to a WebSocket. Pure.</summary>
public static class Upgrade
{
    public const string Subprotocol = "chat.v1.json";

    /// <summary>The subprotocol to accept with, null for none; a refusal where the client offers only others.</summary>
    public static (bool IsOk, string? Subprotocol) Choose(IList<string> offered) =>
        offered.Count == 0 ? (true, null)
        : offered.Contains(Subprotocol, StringComparer.Ordinal) ? (true, Subprotocol)
        : (false, null);

    /// <summary>Whether a page of this origin may connect. Programs that are no browsers send none.</summary>
    /// <param name="allowed">Origins beside the own one.</param>
    public static bool IsAllowed(string? origin, HostString host, IReadOnlyList<string> allowed)
    {
        if (string.IsNullOrEmpty(origin))
            return true;
        if (allowed.Contains(origin.TrimEnd('/'), StringComparer.OrdinalIgnoreCase))
            return true;
        // A proxy may end TLS in front of this server, so the scheme says nothing about the page's own server.
        return Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && page.Scheme is "http" or "https"
            && string.Equals(page.IdnHost, HostOf(host), StringComparison.OrdinalIgnoreCase)
            && page.Port == (host.Port ?? (page.Scheme == "https" ? 443 : 80));
    }

    private static string HostOf(HostString host) => host.Host.Trim('[', ']');

    /// <summary>The token of an <c>Authorization: Bearer</c> header, or null.</summary>
    public static string? TokenOf(string? authorization)
    {
        const string scheme = "Bearer ";
        return authorization is not null && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[scheme.Length..].Trim()
            : null;
    }

    public static IPAddress AddressOf(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;
}
