using System.Net.Sockets;
using ChatAi.Shared.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace ChatAi.Shared.Hosting;

public static class Running
{
    /// <summary>Runs until the program is told to end.</summary>
    /// <exception cref="ConfigurationException">
    /// Its address cannot be had. Nothing is disposed then: that would end the actor system, which ends the process as if
    /// all were well.
    /// </exception>
    public static async Task RunUntilToldAsync(this WebApplication app)
    {
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
    }
}
