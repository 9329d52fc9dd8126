using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>
/// Around everything below /v1: no failure leaves without problem details, and no answer is kept by a cache or taken
/// for a page.
/// </summary>
public sealed class ApiErrors(RequestDelegate next, ILogger<ApiErrors> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            await ProblemOf(e, http).ExecuteAsync(http);
            return;
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to answer, and nothing is wrong here.
            return;
        }
        if (!http.Response.HasStarted && http.Response.ContentLength is null && BareProblem(http) is { } bare)
            await bare.ExecuteAsync(http);
    }

    private Problem ProblemOf(Exception e, HttpContext http)
    {
        switch (e)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new Problem(new Rejection(ErrorCode.TooLarge, "The request is too large."));
            case BadHttpRequestException:
                return new Problem(new Rejection(ErrorCode.BadRequest, "The request is not valid HTTP."));
            case TimeoutException:
                return new Problem(new Rejection(ErrorCode.Timeout, "No answer came in time."));
            default:
                log.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
                return new Problem(new Rejection(ErrorCode.Internal, "Something went wrong on the server."));
        }
    }

    // What routing says by a status alone.
    private static Problem? BareProblem(HttpContext http) =>
        http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Problem(new Rejection(ErrorCode.NotFound, "There is no such call.")),
            StatusCodes.Status405MethodNotAllowed => new Problem(
                new Rejection(ErrorCode.Unsupported, "This path does not know this method."),
                StatusCodes.Status405MethodNotAllowed
            ),
            _ => null,
        };
}
