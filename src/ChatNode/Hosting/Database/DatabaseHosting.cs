using ChatAi.ChatNode.Gateway;

namespace ChatAi.ChatNode.Hosting.Database;

/// <summary>What must be so before a node starts on its database, and the epoch that lies in it.</summary>
public static class DatabaseHosting
{
    /// <exception cref="ConfigurationException">The database is not one to run on.</exception>
    public static async Task AddDatabaseAsync(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        if (options.Database != "postgres")
            return;
        var held = await PostgresGate.PassAsync(connectionString!);
        services.AddHostedService(s => new PostgresGate(held, s.GetRequiredService<ILogger<PostgresGate>>()));
        services.AddSingleton(new PostgresEpoch(connectionString!));
        services.AddSingleton<FollowedEpoch>();
        services.AddSingleton<IEpoch>(s => s.GetRequiredService<FollowedEpoch>());
        services.AddHostedService(s => s.GetRequiredService<FollowedEpoch>());
        services.AddHealthChecks().AddCheck<EpochIsKnown>("epoch");
    }
}
