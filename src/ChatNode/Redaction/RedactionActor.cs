using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Redaction;

/// <summary>Key of the way to the redaction in Akka.Hosting's actor registry.</summary>
public sealed class Redactions;

/// <summary>Lets the redaction catch up again and again. One a cluster.</summary>
public sealed class RedactionActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly JournalRedaction _redaction;
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(JournalRedaction redaction) =>
        Akka.Actor.Props.Create(() => new RedactionActor(redaction));

    public RedactionActor(JournalRedaction redaction)
    {
        _redaction = redaction;
        Receive<Look>(_ => Begin());
        Receive<Looked>(_ => Again());
        Receive<Status.Failure>(failure =>
        {
            _log.Warning(
                failure.Cause,
                "Words that were taken back are still in the journal; the next look tries again"
            );
            Again();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(Look.Instance);

    protected override void PostStop()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Begin() => _ = LookAsync(_stop.Token).PipeTo(Self);

    // The next look is set only when this one has ended: they never overlap.
    private void Again() => Timers.StartSingleTimer(nameof(Look), Look.Instance, Every);

    private Task<Looked> LookAsync(CancellationToken cancel) =>
        // SQLite's driver blocks its thread: never on a dispatcher of actors.
        Task.Run(async () => new Looked(await _redaction.CatchUpAsync(cancel)), cancel);

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record Looked(int Rewritten);
}

public static class RedactionHosting
{
    /// <summary>Only nodes with the role <c>chat</c> may call this.</summary>
    public static AkkaConfigurationBuilder WithRedaction(this AkkaConfigurationBuilder akka) =>
        akka.WithSingleton<Redactions>(
            "journal-redaction",
            (_, _, resolver) => RedactionActor.Props(resolver.GetService<JournalRedaction>()),
            new ClusterSingletonOptions { Role = EntityHosting.Role }
        );
}
