using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Routing;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Queue;
using ChatAi.ChatNode.Ai.Work;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatAi.ChatNode.Ai;

/// <summary>Key of the pool of this node's workers in Akka.Hosting's actor registry.</summary>
public sealed class AiWorkers;

/// <summary>Key of the way to the sweeper in Akka.Hosting's actor registry.</summary>
public sealed class AiSweepers;

/// <summary>Key of the way to the operators' switch in Akka.Hosting's actor registry.</summary>
public sealed class AiSwitches;

public static class AssistantHosting
{
    /// <summary>The provider that the settings choose, opened where it is first needed.</summary>
    public static IServiceCollection AddAssistant(this IServiceCollection services, ChatAiOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILocalProvider>(provider => new LlamaProvider(
            options.Ai,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<LlamaProvider>>()
        ));
        services.AddSingleton(new AiSwitch(options.Ai.Enabled));
        services.AddSingleton(AiQuotas.From(options.Ai));
        services.AddSingleton(provider => Choose(provider, options));
        return services;
    }

    private static IAssistant Choose(IServiceProvider services, ChatAiOptions options)
    {
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AssistantHosting));
        var choice = AssistantProviders.Choose(
            options,
            services.GetService<ILocalProvider>(),
            services.GetRequiredService<TimeProvider>(),
            log
        );
        log.Log(
            choice.IsWanted ? LogLevel.Information : LogLevel.Warning,
            "The assistant's provider is {Provider}: {Why}",
            choice.Assistant.Name,
            choice.Why
        );
        return choice.Assistant;
    }

    /// <summary>Queue and sweeper as singletons among the nodes with entities, workers on those for the assistant.</summary>
    /// <param name="hasEntities">The node has the role <paramref name="entityRole"/>.</param>
    /// <param name="hasWorkers">The node runs models.</param>
    /// <param name="entityRole">Role of the nodes that may hold the singletons; null for any.</param>
    public static AkkaConfigurationBuilder WithAssistant(
        this AkkaConfigurationBuilder builder,
        ChatAiOptions.AiOptions ai,
        bool hasEntities = true,
        bool hasWorkers = true,
        string? entityRole = null
    )
    {
        builder.AddHocon(AiThreads.DefaultConfig, HoconAddMode.Append);
        var singleton = new ClusterSingletonOptions { Role = entityRole, BufferSize = 10_000 };
        if (hasEntities)
            builder
                .WithSingleton<AiQueue>(
                    "ai-queue",
                    (_, registry, resolver) => QueueProps(ai, registry, resolver),
                    singleton
                )
                .WithSingleton<AiSweepers>(
                    "ai-sweeper",
                    (_, registry, resolver) => SweeperProps(ai, registry, resolver),
                    singleton
                )
                .WithSingleton<AiSwitches>(
                    "ai-switch",
                    (_, _, resolver) => AiSwitchActor.Props(resolver.GetService<TimeProvider>()),
                    singleton
                );
        else
            builder
                .WithSingletonProxy<AiQueue>("ai-queue", singleton)
                .WithSingletonProxy<AiSweepers>("ai-sweeper", singleton)
                .WithSingletonProxy<AiSwitches>("ai-switch", singleton);
        builder.WithActors(
            (system, registry, resolver) =>
                system.ActorOf(
                    AiSwitchFollower.Props(resolver.GetService<AiSwitch>(), registry.Get<AiSwitches>()),
                    "ai-switch-follower"
                )
        );
        if (hasWorkers)
            builder.WithActors((system, registry, resolver) => StartWorkers(ai, system, registry, resolver));
        return builder;
    }

    private static Props QueueProps(
        ChatAiOptions.AiOptions ai,
        IReadOnlyActorRegistry registry,
        Akka.DependencyInjection.IDependencyResolver resolver
    ) =>
        AiQueueActor.Props(
            registry.Get<ChatRegion>(),
            new AiQueueSettings(ai.QueueLength, TimeSpan.FromSeconds(20)),
            resolver.GetService<TimeProvider>(),
            resolver.GetService<AiSwitch>()
        );

    private static Props SweeperProps(
        ChatAiOptions.AiOptions ai,
        IReadOnlyActorRegistry registry,
        Akka.DependencyInjection.IDependencyResolver resolver
    ) =>
        AiSweeper.Props(
            registry.Get<ChatRegion>(),
            resolver.GetService<IChatReader>(),
            new AiSweeperSettings(TimeSpan.FromSeconds(ai.SweepSeconds), TimeSpan.FromSeconds(15))
            {
                Summaries = ai.Provider != "none",
            },
            resolver.GetService<TimeProvider>()
        );

    private static void StartWorkers(
        ChatAiOptions.AiOptions ai,
        ActorSystem system,
        IActorRegistry registry,
        Akka.DependencyInjection.IDependencyResolver resolver
    )
    {
        var users = registry.Get<UserRegion>();
        var time = resolver.GetService<TimeProvider>();
        var settings = new AiWorkerSettings(TimeSpan.FromSeconds(ai.NoProgressSeconds));
        var reader = new ContextReader(
            resolver.GetService<IChatReader>(),
            (user, cancel) => ProfileNameAsync(users, user, cancel),
            settings.EarlierLines
        );
        var assistant = resolver.GetService<IAssistant>();
        var maker = new AnswerMaker(
            assistant,
            AssistantProviders.FallbackOf(assistant),
            reader,
            settings,
            time,
            resolver.GetService<ILogger<AnswerMaker>>()
        );
        var pool = system.ActorOf(
            AiWorker.Pool(Math.Max(ai.Workers, assistant.AtOnce), registry.Get<ChatRegion>(), maker, settings, time),
            "ai-workers"
        );
        registry.Register<AiWorkers>(pool);
        Announce(pool, registry.Get<AiQueue>(), assistant);
    }

    /// <summary>Workers ask for no run that they could not begin: a model takes its time to load.</summary>
    public static void Announce(IActorRef pool, IActorRef queue, IAssistant assistant) =>
        _ = assistant.Ready.PipeTo(pool, success: () => new Broadcast(new AiWorker.UseQueue(queue)));

    private static async Task<string?> ProfileNameAsync(IActorRef users, UserId user, CancellationToken cancel)
    {
        try
        {
            var answer = await users.Ask<object>(new UserProtocol.GetProfile(user, 0), TimeSpan.FromSeconds(1), cancel);
            return (answer as UserProtocol.Profile)?.DisplayName;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
