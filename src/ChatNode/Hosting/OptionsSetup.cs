using ChatAi.Shared.Clustering;
using Microsoft.Extensions.Options;

namespace ChatAi.ChatNode.Hosting;

public static class OptionsSetup
{
    /// <summary>Reads and checks the section <c>ChatAi</c>: unknown keys and impossible values stop the start.</summary>
    /// <exception cref="ConfigurationException">Names the key and what is wrong with it.</exception>
    public static ChatAiOptions AddChatAiOptions(this WebApplicationBuilder builder)
    {
        var options = StrictSection.Read<ChatAiOptions>(builder.Configuration, ChatAiOptions.Section);
        var problems = StrictSection.Problems(options, ChatAiOptions.Section).ToList();
        if (
            options.Database == "postgres"
            && builder.Configuration.GetConnectionString("ChatAi") is not { Length: > 0 }
        )
            problems.Add("ConnectionStrings:ChatAi is required with ChatAi:Database=postgres.");
        if (options.Database == "sqlite" && options.Cluster.HasSeeds)
            problems.Add("A cluster needs ChatAi:Database=postgres: SQLite files belong to one process.");
        if (NodeRoles.UnknownIn(options.Cluster) is { } unknown)
            problems.Add($"ChatAi:Cluster:Roles has the unknown role '{unknown}'.");
        try
        {
            TrustedProxies.Parse(options.Proxies);
            TrustedProxies.Parse(options.Push.AllowedNetworks);
        }
        catch (FormatException wrong)
        {
            problems.Add($"ChatAi:{wrong.Message}");
        }
        StrictSection.Require(problems);
        if (options.Cluster.Tls.IsOn)
            NodeCertificate.Load(options.Cluster.Tls, TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton(NodeRoles.Of(options.Cluster));
        return options;
    }
}
