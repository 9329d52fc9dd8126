using System.Net.Sockets;
using Akka.Actor;
using ChatAi.Shared.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatAi.Shared.Hosting;

public static class Running
{
    /// <summary>Runs until the program is told to end, or its actor system has ended for another reason.</summary>
    /// <returns>The exit code: 0, or 255 where the cluster took the node out, so that whoever supervises it starts it again.</returns>
    /// <exception cref="ConfigurationException">Its address cannot be had.</exception>
    public static async Task<int> RunUntilToldAsync(this WebApplication app)
    {
        var shutdown = CoordinatedShutdown.Get(app.Services.GetRequiredService<ActorSystem>());
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new ConfigurationException($"Configuration: it cannot listen at its address. {e.Message}");
        }
        await app.WaitForShutdownAsync();
        await app.DisposeAsync();
        return shutdown.ShutdownReason is { ExitCode: not 0 } ? 255 : 0;
    }
}
