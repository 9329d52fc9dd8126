using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.Push.WebPush;

namespace ChatAi.ChatNode.Push;

/// <summary>What the API knows of Web Push.</summary>
/// <param name="Vapid">Null: there is none here.</param>
public sealed record WebPushKey(Vapid? Vapid);

public static class PushHosting
{
    /// <exception cref="ConfigurationException">The key of Web Push is none.</exception>
    public static IServiceCollection AddPush(this IServiceCollection services, ChatAiOptions options)
    {
        var push = options.Push;
        var hasWebhook = push.Webhook is { Length: > 0 };
        services.AddSingleton(new PushRules(TimeSpan.FromSeconds(push.DelaySeconds), Site: hasWebhook || push.Log));
        services.AddPushApi(options);
        services.AddSingleton<IPushReach, EntityReach>();
        if (!NodeRoles.Of(options.Cluster).Chat)
            return services;
        services.AddSingleton(s =>
        {
            var time = s.GetRequiredService<TimeProvider>();
            var log = new LogSender(s.GetRequiredService<ILogger<LogSender>>());
            var http = s.GetRequiredService<Endpoints>().Client();
            var ttl = TimeSpan.FromSeconds(push.TtlSeconds);
            List<IPushSender> senders = [log, new WebhookSender(http, time)];
            if (s.GetRequiredService<WebPushKey>().Vapid is { } vapid)
                senders.Add(new WebPushSender(http, vapid, ttl, time));
            return new PushDispatcher(
                s.GetRequiredService<Outbox>(),
                s.GetRequiredService<PushSubscriptions>(),
                s.GetRequiredService<IPushReach>(),
                senders.ToDictionary(sender => sender.Kind),
                    // The operator's own address may lie wherever the operator likes.
                    hasWebhook ? new WebhookSender(TrustedClient(), time)
                    : push.Log ? log
                    : null,
                new PushSettings(
                    new BackOff(
                        TimeSpan.FromSeconds(push.BackOffSeconds),
                        TimeSpan.FromSeconds(push.BackOffCapSeconds)
                    ),
                    push.MaxAttempts,
                    TimeSpan.FromSeconds(push.TimeoutSeconds),
                    ttl,
                    push.Concurrency,
                    push.Payload == "text",
                    hasWebhook || push.Log
                        ? new PushSubscription(
                            hasWebhook ? PushKind.Webhook : PushKind.Log,
                            push.Webhook ?? "",
                            "",
                            push.WebhookSecret ?? "",
                            true,
                            default
                        )
                        : null
                ),
                time,
                s.GetRequiredService<ILogger<PushDispatcher>>()
            );
        });
        services.AddHostedService<PushService>();
        return services;
    }

    /// <summary>What the calls need.</summary>
    public static IServiceCollection AddPushApi(this IServiceCollection services, ChatAiOptions options)
    {
        services.AddSingleton(
            new Endpoints(
                new PublicAddresses(TrustedProxies.Parse(options.Push.AllowedNetworks)),
                options.Push.AllowHttp
            )
        );
        services.AddSingleton(_ => new WebPushKey(Vapid.From(options)));
        services.AddSingleton<PushSubscriptions>();
        services.AddSingleton<Outbox>();
        return services;
    }

    private static HttpClient TrustedClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
}

/// <summary>Runs the dispatcher while the node is up.</summary>
public sealed class PushService(
    PushDispatcher dispatcher,
    Outbox outbox,
    ChatAiOptions options,
    TimeProvider time,
    ILogger<PushService> log
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PushMetrics.Begin();
        var released = options.Database == "postgres";
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                if (!released)
                    await outbox.ReleaseAllAsync(stoppingToken);
                released = true;
                if (await dispatcher.RunOnceAsync(stoppingToken) > 0)
                    continue;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning("Push: nothing can be sent for now ({Reason})", e.Message);
                pause = LongPause;
            }
            await Task.Delay(pause, time, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
