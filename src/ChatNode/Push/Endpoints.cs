using System.Net;
using System.Net.Sockets;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Push;

/// <summary>
/// Calls to addresses that people gave. A name is looked up when the connection is made and the address that was checked
/// is the one that is connected to, so that a name which changes its mind gets nowhere; redirects are not followed.
/// </summary>
public sealed class Endpoints(PublicAddresses addresses, bool allowHttp)
{
    public const int MaxLength = 2_048;

    /// <summary>Null where an address may be kept.</summary>
    public Rejection? Check(string endpoint)
    {
        if (endpoint.Length > MaxLength)
            return new Rejection(ErrorCode.TooLarge, $"An endpoint has at most {MaxLength} characters.");
        if (
            !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (allowHttp && uri.Scheme == Uri.UriSchemeHttp))
            || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0
        )
            return new Rejection(ErrorCode.BadRequest, "An endpoint is an https address without user or fragment.");
        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !addresses.Allows(address)
            ? new Rejection(ErrorCode.BadRequest, "An endpoint must not lie in a private network.")
            : null;
    }

    public HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                MaxResponseHeadersLength = 16,
                ConnectCallback = ConnectAsync,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel);
        var allowed = found.Where(addresses.Allows).ToArray();
        if (allowed.Length == 0)
            throw new HttpRequestException($"{context.DnsEndPoint.Host} lies in a private network.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
