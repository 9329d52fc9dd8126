using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Api.Admin;
using ChatAi.ChatNode.Export;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatAi.ChatNode.Api;

public static class ApiHosting
{
    /// <summary>Prefix of every call of protocol v1.</summary>
    public const string Prefix = "/v1";

    /// <summary>Goes with <c>AddAccounts</c> and <c>AddGateway</c>, whose operations the calls are.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services, ChatAiOptions options)
    {
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.AddCors(cors => cors.AddDefaultPolicy(OtherOrigins.PolicyOf(options.Auth)));
        services.AddSingleton(s => new CodeLimit(
            new RateBuckets<string>(options.RateLimit.CodesPerMinute, s.GetRequiredService<TimeProvider>())
        ));
        services.AddSingleton(s => new LookupLimit(
            new RateBuckets<UserId>(options.RateLimit.LookupsPerMinute, s.GetRequiredService<TimeProvider>())
        ));
        services.AddSingleton(s => new ExportLimit(
            new RateBuckets<UserId>(
                options.RateLimit.ExportsPerHour,
                s.GetRequiredService<TimeProvider>(),
                TimeSpan.FromHours(1)
            )
        ));
        services.AddSingleton<ExportWriter>();
        services.AddSingleton(s => new OperatorLimit(
            new RateBuckets<string>(OperatorLimit.FailuresPerMinute, s.GetRequiredService<TimeProvider>())
        ));
        return services;
    }

    /// <summary>Every HTTP call of protocol v1 and the documents that describe them.</summary>
    public static void MapApi(this WebApplication app)
    {
        app.UseApiErrors();
        app.MapDocuments();
        var open = app.MapGroup(Prefix);
        open.MapAuth();
        open.MapAdmin();
        var callers = app.MapGroup(Prefix).RequireCaller();
        callers.MapMe();
        callers.MapUsers();
        callers.MapBlocks();
        callers.MapSearch();
        callers.MapPush();
        callers.MapChats();
        callers.MapMessages();
        callers.MapAttachments();
        callers.MapAi();
        callers.MapExport();
        callers.MapLater();
    }

    /// <summary>What operators need of a node that serves nobody else.</summary>
    public static void MapOperatorsApi(this WebApplication app)
    {
        app.UseApiErrors();
        app.MapGroup(Prefix).MapAdmin();
    }

    private static void UseApiErrors(this WebApplication app) =>
        app.UseWhen(
            http => http.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal),
            v1 => v1.UseMiddleware<ApiErrors>().UseCors()
        );
}
