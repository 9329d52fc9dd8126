using ChatAi.ChatNode.Hosting;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace ChatAi.ChatNode.Api;

/// <summary>
/// Web clients that are served elsewhere: the origins of <c>ChatAi:Auth:Origins</c> may make calls as they may open
/// sockets. Tokens travel in a header of its own, so no cookies are involved.
/// </summary>
public static class OtherOrigins
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    public static CorsPolicy PolicyOf(ChatAiOptions.AuthOptions auth) =>
        new CorsPolicyBuilder(
            auth.Origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
            .WithMethods("GET", "POST", "PATCH", "PUT", "DELETE")
            .WithHeaders("authorization", "content-type")
            .WithExposedHeaders("retry-after", "www-authenticate")
            .SetPreflightMaxAge(Remembered)
            .Build();
}
