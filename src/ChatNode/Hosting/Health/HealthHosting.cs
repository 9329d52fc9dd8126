using ChatAi.Shared.Health;

namespace ChatAi.ChatNode.Hosting.Health;

/// <summary>What <c>/health/ready</c> asks; the read tables add theirs (<see cref="Projections.ReadModelHosting"/>).</summary>
public static class HealthHosting
{
    public static IServiceCollection AddNodeHealth(
        this IServiceCollection services,
        ChatAiOptions options,
        string? connectionString
    )
    {
        services.AddSingleton<NodeLife>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeLife>());
        services.AddSingleton(JournalProbe.Of(options, connectionString));
        services.AddSingleton<JournalAnswers>();
        services.AddSingleton<ChatsAnswer>();
        services.AddSingleton<UsersAnswer>();
        services.AddSingleton<SchemaIsThere>();
        services
            .AddHealthChecks()
            .AddCheck<NotDraining>("draining")
            .AddCheck<MemberUp>("cluster")
            .AddCheck<JournalAnswers>("journal")
            .AddCheck<SchemaIsThere>("schema")
            .AddCheck<ChatsAnswer>("chats")
            .AddCheck<UsersAnswer>("users");
        return services;
    }
}
