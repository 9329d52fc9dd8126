using System.Security.Cryptography;
using System.Text;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Telemetry;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>How often an address may come with a wrong token before it must wait.</summary>
public sealed record OperatorLimit(RateBuckets<string> Failures)
{
    public const int FailuresPerMinute = 10;
}

/// <summary>Lets through who shows the operators' token.</summary>
public sealed class OperatorFilter(ChatAiOptions options, OperatorLimit limit, ILoggerFactory logs) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private readonly ILogger _log = logs.CreateLogger("ChatAi.Audit");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (options.Admin.Token is not { Length: > 0 } token)
            return new Problem(new Rejection(ErrorCode.NotFound, "There is no such call."));
        var http = context.HttpContext;
        var header = http.Request.Headers.Authorization;
        var isOperator =
            header is [{ } given]
            && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && IsSame(given[Scheme.Length..].Trim(), token);
        if (isOperator)
        {
            http.Response.Headers.CacheControl = "no-store";
            return await next(context);
        }
        NodeMetrics.OperatorRefused();
        var address = ClientAddress.Of(http.Connection.RemoteIpAddress);
        if (limit.Failures.Take(address) is { } wait)
            return new Problem(
                new Rejection(ErrorCode.RateLimited, "Too many calls without the token.", (int)wait.TotalMilliseconds)
            );
        _log.LogWarning("Audit: {Address} called {Path} without the operators' token", address, http.Request.Path);
        return new Problem(new Rejection(ErrorCode.Unauthenticated, "This call needs the operators' token."));
    }

    // Hashes have one length, so that the time taken tells nothing of the token, not even that.
    private static bool IsSame(string given, string token) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(token))
        );
}
