using System.ComponentModel;
using ChatAi.Testing;

namespace ChatAi.Containers.Tests.Engine;

/// <summary>The machine's own engine, with images from its registry.</summary>
public sealed class InstalledEngine : ContainerEngine
{
    private static readonly string[] Bases =
    [
        "mcr.microsoft.com/dotnet/sdk:10.0",
        "mcr.microsoft.com/dotnet/aspnet:10.0",
        "postgres:17",
        "haproxy:3.0",
    ];

    protected override IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public static async Task<(ContainerEngine? Engine, string WhyNot)> TryAsync()
    {
        var engine = new InstalledEngine();
        try
        {
            if (!await engine.SucceedsAsync("version") || !await engine.SucceedsAsync("compose", "version"))
                return (null, "no container engine with compose answers");
        }
        catch (Win32Exception)
        {
            return (null, "docker is not installed");
        }
        foreach (var image in Bases)
            if (!await engine.SucceedsAsync("image", "inspect", image) && !await engine.SucceedsAsync("pull", image))
                return (null, $"the engine has no {image} and cannot pull it");
        return (engine, "");
    }
}
