using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatAi.ChatNode.Api;

public static class ApiHosting
{
    /// <summary>Prefix of every call of protocol v1.</summary>
    public const string Prefix = "/v1";

    public static IServiceCollection AddApi(this IServiceCollection services, ChatAiOptions options)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Calls refuse more than a frame's worth themselves; this bounds what is read of a refused body.
            kestrel.Limits.MaxRequestBodySize = 4 * Limits.FrameBytes;
        });
        services.TryAddSingleton<Asking>();
        services.TryAddSingleton<ChatOperations>();
        services.TryAddSingleton<RateLimits>();
        services.AddSingleton(s => new CodeLimit(
            new RateBuckets<string>(options.RateLimit.CodesPerMinute, s.GetRequiredService<TimeProvider>())
        ));
        services.AddSingleton(s => new LookupLimit(
            new RateBuckets<UserId>(options.RateLimit.LookupsPerMinute, s.GetRequiredService<TimeProvider>())
        ));
        return services;
    }

    /// <summary>Every HTTP call of protocol v1 and the documents that describe them.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal),
            v1 => v1.UseMiddleware<ApiErrors>()
        );
        app.MapDocuments();
        var open = app.MapGroup(Prefix);
        open.MapAuth();
        var callers = app.MapGroup(Prefix).RequireCaller();
        callers.MapMe();
        callers.MapUsers();
        callers.MapChats();
        callers.MapMessages();
        callers.MapAi();
        callers.MapLater();
    }
}
