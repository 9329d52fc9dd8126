using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChatAi.ChatNode.Hosting;

public static class ListenHosting
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>Listens on <see cref="DefaultUrl"/> where nothing else is set.</summary>
    public static void AddListenAddress(this WebApplicationBuilder builder)
    {
        var isSet =
            builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 }
            || builder.Configuration["http_ports"] is { Length: > 0 }
            || builder.Configuration["https_ports"] is { Length: > 0 }
            || builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        if (!isSet)
            builder.WebHost.UseUrls(DefaultUrl);
    }

    public static void LogWhereThePageIs(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
            app.Logger.LogInformation("Chat at {Addresses}", string.Join(" ", addresses?.Addresses ?? []));
        });
}
