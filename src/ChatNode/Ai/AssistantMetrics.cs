using System.Diagnostics.Metrics;
using ChatAi.ChatNode.Ai.Providers.Remote;
using ChatAi.ChatNode.Ai.Queue;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Pieces;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai;

/// <summary>The meter <c>ChatAi.Assistant</c>.</summary>
public static class AssistantMetrics
{
    public const string MeterName = "ChatAi.Assistant";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Gauge<int> Waiting = Meter.CreateGauge<int>(
        "chatai.assistant.waiting",
        description: "Runs that wait for a worker, by class; on the node that holds the queue."
    );

    private static readonly Gauge<int> Running = Meter.CreateGauge<int>(
        "chatai.assistant.running",
        description: "Runs that a worker has; on the node that holds the queue."
    );

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "chatai.assistant.refused",
        description: "Runs refused because the queue was full."
    );

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "chatai.assistant.run.duration",
        "s",
        "From a worker's having read the chat to the run's end, by kind, provider and outcome."
    );

    private static readonly Histogram<double> FirstToken = Meter.CreateHistogram<double>(
        "chatai.assistant.first_token",
        "s",
        "From asking the provider to its first words."
    );

    private static readonly Counter<long> Used = Meter.CreateCounter<long>(
        "chatai.assistant.tokens",
        description: "Tokens of all calls that came to their end, by provider and kind: prompt, cached (of those), answer."
    );

    private static readonly Counter<long> Pieces = Meter.CreateCounter<long>(
        "chatai.assistant.pieces",
        description: "Titles and sentences that a model wrote for summaries, by what the checks said of them."
    );

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "chatai.assistant.provider.retries",
        description: "Requests to a model server that were repeated before an answer began."
    );

    private static readonly Counter<long> BreakerChanges = Meter.CreateCounter<long>(
        "chatai.assistant.breaker.changes",
        description: "Changes of the breaker before a model server, by the state it went to."
    );

    private static readonly Gauge<int> BreakerOpen = Meter.CreateGauge<int>(
        "chatai.assistant.breaker.open",
        description: "1 while no runs are sent to the model server, except for one that tries."
    );

    public static void Queue(AiQueueProtocol.QueueState state)
    {
        Waiting.Record(state.Asked, Tag("class", nameof(RunClass.Asked)));
        Waiting.Record(state.CatchUps, Tag("class", nameof(RunClass.CatchUp)));
        Waiting.Record(state.Rolling, Tag("class", nameof(RunClass.Rolling)));
        Running.Record(state.Running);
    }

    /// <summary>A title or sentence of a model, and what the checks said of it.</summary>
    public static void Piece(PieceFault fault) => Pieces.Add(1, Tag("outcome", fault.ToString()));

    /// <summary>What one call of a model needed.</summary>
    public static void Tokens(string provider, UsageDetails usage)
    {
        var by = Tag("provider", provider);
        Used.Add(usage.InputTokenCount ?? 0, by, Tag("kind", "prompt"));
        Used.Add(usage.CachedInputTokenCount ?? 0, by, Tag("kind", "cached"));
        Used.Add(usage.OutputTokenCount ?? 0, by, Tag("kind", "answer"));
    }

    public static void Refuse() => Refused.Add(1);

    public static void Retried() => Retries.Add(1);

    public static void Breaker(BreakerState state)
    {
        BreakerChanges.Add(1, Tag("state", state.ToString()));
        BreakerOpen.Record(state == BreakerState.Closed ? 0 : 1);
    }

    /// <param name="end">Null for a run that was cancelled.</param>
    public static void Ended(AiRunKind kind, IChatCommand? end, TimeSpan took)
    {
        var provenance = (end as ChatCommands.CompleteRun)?.Provenance;
        var outcome = end switch
        {
            ChatCommands.CompleteRun => "done",
            ChatCommands.FailRun => "failed",
            _ => "cancelled",
        };
        Duration.Record(
            took.TotalSeconds,
            Tag("kind", kind.ToString()),
            Tag("provider", provenance?.Provider ?? ""),
            Tag("outcome", outcome)
        );
        if (provenance is { FirstTokenAt: { } first })
            FirstToken.Record((first - provenance.StartedAt).TotalSeconds, Tag("provider", provenance.Provider));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
