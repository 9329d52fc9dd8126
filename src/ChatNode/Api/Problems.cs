using System.Globalization;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.Shared.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace ChatAi.ChatNode.Api;

/// <summary>Refusals as RFC 9457 problem details: <c>{type,title,status,detail,code,retry,after_ms?}</c>.</summary>
public sealed class Problem(Rejection rejection, int? status = null) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>The HTTP status of each error code (docs/protocol.md).</summary>
    public static int StatusOf(string code) =>
        code switch
        {
            ErrorCode.BadRequest => 400,
            ErrorCode.Unauthenticated or ErrorCode.TokenExpired => 401,
            ErrorCode.Forbidden or ErrorCode.QuotaExceeded => 403,
            ErrorCode.NotFound => 404,
            ErrorCode.Conflict or ErrorCode.AiDisabled => 409,
            ErrorCode.TooLarge => 413,
            ErrorCode.RateLimited => 429,
            ErrorCode.Unsupported => 501,
            ErrorCode.AiBusy or ErrorCode.ShardUnavailable => 503,
            ErrorCode.Timeout => 504,
            _ => 500,
        };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status ?? StatusOf(rejection.Code);
        if (rejection.AfterMs is { } afterMs)
            response.Headers.RetryAfter = ((afterMs + 999) / 1_000).ToString(CultureInfo.InvariantCulture);
        if (rejection.Code is ErrorCode.Unauthenticated or ErrorCode.TokenExpired)
            // RFC 6750, section 3.
            response.Headers.WWWAuthenticate = "Bearer realm=\"chatai\", error=\"invalid_token\"";
        await Json.WriteAsync(response, ContentType, Body(response.StatusCode));
    }

    private byte[] Body(int sent) =>
        JsonBytes.Write(
            (sent, rejection),
            static (w, problem) =>
            {
                w.WriteStartObject();
                w.WriteString("type"u8, "about:blank"u8);
                w.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(problem.sent));
                w.WriteNumber("status"u8, problem.sent);
                w.WriteString("detail"u8, problem.rejection.Message);
                w.WriteString("code"u8, problem.rejection.Code);
                w.WriteBoolean("retry"u8, ErrorCode.IsRetryable(problem.rejection.Code));
                if (problem.rejection.AfterMs is { } afterMs)
                    w.WriteNumber("after_ms"u8, afterMs);
                w.WriteEndObject();
            }
        );
}
