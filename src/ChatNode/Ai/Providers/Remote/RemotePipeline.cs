using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ChatAi.ChatNode.Ai.Providers.Remote;

/// <summary>
/// Time-outs and retries of one request up to the head of its answer. Once that is there nothing is repeated: people
/// may have read its first words.
/// </summary>
public static class RemotePipeline
{
    public static ResiliencePipeline<HttpResponseMessage> Create(RemoteSettings settings, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(Retry(settings, time))
            .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.Attempt })
            .Build();

    public static DelegatingHandler Handler(RemoteSettings settings, TimeProvider time, HttpMessageHandler inner) =>
        new ResilienceHandler(Create(settings, time)) { InnerHandler = inner };

    /// <summary>What the server asks for in Retry-After, as seconds or as a date; null where it asks for nothing.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? response, DateTimeOffset now) =>
        response?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
            _ => null,
        };

    private static RetryStrategyOptions<HttpResponseMessage> Retry(RemoteSettings settings, TimeProvider time) =>
        new()
        {
            MaxRetryAttempts = settings.Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = settings.WaitFirst,
            MaxDelay = settings.WaitMost,
            ShouldHandle = args =>
                ValueTask.FromResult(
                    IsPassing(args.Outcome) && !(RetryAfter(args.Outcome.Result, time.GetUtcNow()) > settings.WaitMost)
                ),
            DelayGenerator = args => ValueTask.FromResult(RetryAfter(args.Outcome.Result, time.GetUtcNow())),
            OnRetry = _ =>
            {
                AssistantMetrics.Retried();
                return ValueTask.CompletedTask;
            },
        };

    private static bool IsPassing(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => true,
            { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
            _ => false,
        };
}
