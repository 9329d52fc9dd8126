using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>
/// Lets only callers with a good access token of a device that is still signed in through to an endpoint, before
/// anything of the request is read.
/// </summary>
public sealed class CallerFilter(ITokenVerifier tokens, SignedInDevices devices) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private static readonly Rejection NoToken = new(
        ErrorCode.Unauthenticated,
        "This call needs the header 'Authorization: Bearer <access token>'."
    );

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0]?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is not true)
            return new Problem(NoToken);
        var verified = tokens.Verify(header[0]![Scheme.Length..].Trim());
        if (!verified.IsOk)
            return new Problem(verified.Rejection);
        var caller = verified.Value;
        if (await devices.CheckAsync(caller.User, caller.Device, http.RequestAborted) is { } refused)
            return new Problem(refused);
        http.Features.Set(caller);
        return await next(context);
    }
}

public static class Callers
{
    /// <summary>Endpoints of this group answer only to who has signed in; they may ask for <see cref="Caller"/>.</summary>
    public static RouteGroupBuilder RequireCaller(this RouteGroupBuilder group) =>
        group.AddEndpointFilter<RouteGroupBuilder, CallerFilter>();

    public static TokenInfo Caller(this HttpContext http) =>
        http.Features.Get<TokenInfo>() ?? throw new InvalidOperationException("This endpoint is open to everyone.");
}
