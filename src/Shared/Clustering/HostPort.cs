using System.Globalization;

namespace ChatAi.Shared.Clustering;

/// <summary><c>host:port</c> as settings write it; an IPv6 address stands in brackets.</summary>
public readonly record struct HostPort(string Host, int Port)
{
    public static HostPort? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (
            colon < 1
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65_535
        )
            return null;
        var host = text[..colon];
        return
            Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown
            || (host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('['))
            ? null
            : new HostPort(host, port);
    }

    public override string ToString() => $"{Host}:{Port}";
}
