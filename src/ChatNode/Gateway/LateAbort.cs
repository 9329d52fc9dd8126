using Microsoft.AspNetCore.Http.Features;

namespace ChatAi.ChatNode.Gateway;

/// <summary>
/// At bytes that are no frames the server's WebSocket breaks the connection off right behind its close frame, which then
/// mostly is lost. Here that waits until the request ends, so that the client gets the code.
/// </summary>
public sealed class LateAbort(IHttpRequestLifetimeFeature server) : IHttpRequestLifetimeFeature
{
    public CancellationToken RequestAborted
    {
        get => server.RequestAborted;
        set => server.RequestAborted = value;
    }

    public void Abort() { }

    public void AbortNow() => server.Abort();

    public static LateAbort Use(HttpContext http)
    {
        var late = new LateAbort(http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>());
        http.Features.Set<IHttpRequestLifetimeFeature>(late);
        return late;
    }
}
