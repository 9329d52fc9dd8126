namespace ChatAi.Shared.Domain;

/// <summary>The error codes of protocol v1, as they stand on the wire.</summary>
public static class ErrorCode
{
    public const string BadRequest = "bad_request";
    public const string Unauthenticated = "unauthenticated";
    public const string TokenExpired = "token_expired";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string Conflict = "conflict";
    public const string TooLarge = "too_large";
    public const string RateLimited = "rate_limited";
    public const string QuotaExceeded = "quota_exceeded";
    public const string Unsupported = "unsupported";
    public const string AiDisabled = "ai_disabled";
    public const string AiBusy = "ai_busy";
    public const string ShardUnavailable = "shard_unavailable";
    public const string Timeout = "timeout";
    public const string Internal = "internal";

    /// <summary>Whether the same request may succeed later (<c>retry:true</c>).</summary>
    public static bool IsRetryable(string code) =>
        code is RateLimited or AiBusy or ShardUnavailable or Timeout or Internal;
}

/// <summary>A refusal: a code of protocol v1 and a sentence for a developer's eyes.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Message">Says what is wrong; never holds another person's data.</param>
/// <param name="AfterMs">When a retry makes sense, in milliseconds.</param>
public sealed record Rejection(string Code, string Message, int? AfterMs = null);
