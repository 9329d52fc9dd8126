using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Chats;
using ChatAi.ChatNode.Phones;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.Users;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Hosting;

/// <summary>The sharded entities; on a node without the role <c>chat</c> the ways to them.</summary>
public static class EntityHosting
{
    public const string Role = "chat";

    public static AkkaConfigurationBuilder WithEntities(
        this AkkaConfigurationBuilder akka,
        bool hosts,
        EntitySettings settings,
        IServiceProvider services
    )
    {
        if (!hosts)
            return akka.WithShardRegionProxy<ChatRegion>(ShardNames.Chats, Role, EntityExtractor.Instance)
                .WithShardRegionProxy<UserRegion>(ShardNames.Users, Role, EntityExtractor.Instance)
                .WithShardRegionProxy<PhoneRegion>(ShardNames.Phones, Role, EntityExtractor.Instance);

        var time = services.GetRequiredService<TimeProvider>();
        var quotas = services.GetRequiredService<AiQuotas>();
        var shards = new ShardOptions { Role = Role, StateStoreMode = Akka.Cluster.Sharding.StateStoreMode.DData };
        return akka.WithShardRegion<UserRegion>(
                ShardNames.Users,
                (_, registry, _) =>
                {
                    var with = new UserDependencies(
                        () => registry.Get<ChatRegion>(),
                        () => registry.Get<UserRegion>(),
                        time,
                        settings
                    )
                    {
                        Quotas = quotas,
                    };
                    return id => UserActor.Props(new UserId(EntityExtractor.IdOf(id)), with);
                },
                EntityExtractor.Instance,
                shards
            )
            .WithShardRegion<ChatRegion>(
                ShardNames.Chats,
                (system, registry, _) =>
                {
                    // Asked for by the first chat: then everything is registered.
                    var with = new Lazy<ChatDependencies>(() =>
                        new ChatDependencies(
                            registry.Get<UserRegion>(),
                            registry.TryGet<AiQueue>(out var queue) ? queue : system.DeadLetters,
                            services.GetRequiredService<IChatReader>(),
                            time,
                            settings
                        )
                        {
                            Ai = services.GetRequiredService<AiSwitch>(),
                            Quotas = quotas,
                        }
                    );
                    return id => ChatActor.Props(new ChatId(EntityExtractor.IdOf(id)), with.Value);
                },
                EntityExtractor.Instance,
                shards
            )
            .WithShardRegion<PhoneRegion>(
                ShardNames.Phones,
                (_, _, _) => id => PhoneActor.Props(id, time),
                EntityExtractor.Instance,
                shards
            );
    }
}
