using System.Net.WebSockets;
using Akka.Actor;
using Akka.Hosting;
using Akka.Streams;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Gateway.Sessions;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Gateway;

/// <summary>Opens the sockets of <c>GET /v1/ws</c> and closes them when the node goes.</summary>
public sealed class GatewayEndpoint : IDisposable
{
    private readonly ITokenVerifier _tokens;
    private readonly TimeProvider _time;
    private readonly ConnectionCounts _counts;
    private readonly string[] _origins;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cut = new();
    private Task? _drain;
    private readonly Lazy<(IActorRef Gateway, IMaterializer Materializer, SessionDependencies With)> _running;

    public GatewayEndpoint(
        ActorSystem system,
        IRequiredActor<ChatRegion> chats,
        IRequiredActor<UserRegion> users,
        ChatOperations operations,
        AttachmentOperations attachments,
        SearchOperations search,
        ITokenVerifier tokens,
        RateLimits rates,
        SendAdmission admission,
        IEpoch epoch,
        IOptions<ChatAiOptions> options,
        TimeProvider time
    )
    {
        _tokens = tokens;
        _time = time;
        _counts = new ConnectionCounts(options.Value.Limits.ConnectionsPerAddress);
        _origins = options.Value.Auth.Origins.Split(
            ',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        _running = new(() =>
            (
                system.ActorOf(Props.Create<GatewayActor>(), "gateway"),
                system.Materializer(),
                new SessionDependencies(
                    chats.ActorRef,
                    users.ActorRef,
                    operations,
                    attachments,
                    search,
                    tokens,
                    rates,
                    admission,
                    epoch,
                    time,
                    options.Value.Limits.ConnectionsPerUser
                )
            )
        );
    }

    public void Dispose() => _cut.Dispose();

    /// <summary>Open sockets of this node.</summary>
    public int Connections => _counts.Total;

    /// <summary>Whether new sockets are sent elsewhere.</summary>
    public bool IsDraining => _counts.IsDraining;

    public async Task HandleAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            await RefuseAsync(http, StatusCodes.Status426UpgradeRequired, ErrorCode.BadRequest, "This is a WebSocket.");
            return;
        }
        if (_counts.IsDraining)
        {
            await RefuseAsync(
                http,
                StatusCodes.Status503ServiceUnavailable,
                ErrorCode.ShardUnavailable,
                "This node goes."
            );
            return;
        }
        if (!Upgrade.IsAllowed(http.Request.Headers.Origin, http.Request.Host, _origins))
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, ErrorCode.Forbidden, "This origin is not allowed.");
            return;
        }
        var (isOk, subprotocol) = Upgrade.Choose(http.WebSockets.WebSocketRequestedProtocols);
        if (!isOk)
        {
            await RefuseAsync(
                http,
                StatusCodes.Status400BadRequest,
                ErrorCode.BadRequest,
                $"The subprotocol of this server is {Upgrade.Subprotocol}."
            );
            return;
        }
        TokenInfo? authorized = null;
        if (Upgrade.TokenOf(http.Request.Headers.Authorization) is { } token)
        {
            var verified = _tokens.Verify(token);
            if (!verified.IsOk)
            {
                await RefuseAsync(
                    http,
                    StatusCodes.Status401Unauthorized,
                    verified.Rejection.Code,
                    verified.Rejection.Message
                );
                return;
            }
            authorized = verified.Value;
        }
        await OpenAsync(http, subprotocol, authorized);
    }

    /// <summary>Lets sockets in again after an operator's <see cref="DrainAsync"/>; those told to go still go.</summary>
    public void Undrain()
    {
        lock (_gate)
        {
            _counts.Undrain();
            _drain = null;
        }
    }

    /// <summary>
    /// Tells every client to go elsewhere and waits until all have been closed. Who does not answer the closing
    /// handshake is not waited for: see <see cref="CutOffAsync"/>.
    /// </summary>
    public Task DrainAsync()
    {
        lock (_gate)
            return _drain ??= DrainOnceAsync();
    }

    /// <summary>Ends what is still open after a drain, after a moment for the last closing handshakes.</summary>
    public async Task CutOffAsync()
    {
        await WithinAsync(_counts.DrainAsync(), SessionTimes.DrainLinger);
        await _cut.CancelAsync();
    }

    private async Task DrainOnceAsync()
    {
        var drained = _counts.DrainAsync();
        if (_running.IsValueCreated)
            _running.Value.Gateway.Tell(new DrainSocket(SessionTimes.Drain), ActorRefs.NoSender);
        await WithinAsync(drained, SessionTimes.Drain + SessionTimes.DrainSlack);
    }

    private async Task WithinAsync(Task drained, TimeSpan patience)
    {
        try
        {
            await drained.WaitAsync(patience, _time);
        }
        catch (TimeoutException)
        {
            // Silent clients.
        }
    }

    private async Task OpenAsync(HttpContext http, string? subprotocol, TokenInfo? authorized)
    {
        var address = Upgrade.AddressOf(http);
        var entered = _counts.TryEnter(address);
        if (entered)
            NodeMetrics.ConnectionOpened();
        var abort = LateAbort.Use(http);
        using var cut = _cut.Token.UnsafeRegister(static abort => ((LateAbort)abort!).AbortNow(), abort);
        try
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync(
                new WebSocketAcceptContext { SubProtocol = subprotocol }
            );
            using var connection = new SocketConnection(
                socket,
                abort.AbortNow,
                authorized,
                _running.Value.Materializer,
                _time
            );
            if (entered)
                _running.Value.Gateway.Tell(
                    new GatewayActor.OpenSession(connection, _running.Value.With),
                    ActorRefs.NoSender
                );
            else
                await connection.RefuseAsync(
                    new SocketClose(CloseCodes.TooManyConnections, "Too many connections from this address.")
                );
            await connection.Completed;
        }
        finally
        {
            if (entered)
                _counts.Leave(address);
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string code, string detail) =>
        Results
            .Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code })
            .ExecuteAsync(http);
}
