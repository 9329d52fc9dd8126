using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>What is for operators on a port of its own (<c>ChatAi:Admin:Port</c>), and there only.</summary>
public static class OperatorPort
{
    private static readonly PathString[] Operators = ["/v1/admin", "/status", "/metrics"];
    private static readonly PathString[] OnBoth = ["/health", "/openapi", "/img", "/css", "/js"];

    public static void AddOperatorPort(this WebApplicationBuilder builder, ChatAiOptions options)
    {
        if (options.Admin.Port is not (> 0 and var port))
            return;
        var url = $"http://*:{port}";
        if (builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            builder.Configuration["Kestrel:Endpoints:Operators:Url"] = url;
        else
            builder.WebHost.UseUrls([.. Urls(builder), url]);
    }

    public static void UseOperatorPort(this WebApplication app)
    {
        var port = app.Services.GetRequiredService<ChatAiOptions>().Admin.Port;
        if (port == 0)
            return;
        app.Use(
            (http, next) =>
                IsAllowed(http.Request.Path, http.Connection.LocalPort == port)
                    ? next(http)
                    : new Problem(
                        new Rejection(ErrorCode.NotFound, "There is no such call on this port.")
                    ).ExecuteAsync(http)
        );
    }

    /// <param name="here">The request came by the operators' port.</param>
    public static bool IsAllowed(PathString path, bool here) =>
        IsBelow(path, OnBoth) || IsBelow(path, Operators) == here;

    private static bool IsBelow(PathString path, PathString[] folders) =>
        Array.Exists(folders, folder => path.StartsWithSegments(folder, StringComparison.OrdinalIgnoreCase));

    // The web server takes the ports' settings only where no addresses are set, which now they are.
    private static IEnumerable<string> Urls(WebApplicationBuilder builder)
    {
        if (builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } urls)
            return Split(urls);
        return
        [
            .. Split(builder.Configuration["http_ports"]).Select(p => $"http://*:{p}"),
            .. Split(builder.Configuration["https_ports"]).Select(p => $"https://*:{p}"),
        ];
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
