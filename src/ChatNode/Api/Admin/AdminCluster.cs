using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Operators;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>How the cluster stands: one call for everything that a page shows.</summary>
internal static class AdminCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="Behind">Events of the journal that it does not include.</param>
    private sealed record Projection(string Name, long Position, long Behind);

    private sealed record Journal(bool Reachable, long Head, double LagSeconds, IReadOnlyList<Projection> Projections);

    private sealed record Worker(string Node, int Busy, int Idle);

    /// <param name="Enabled">Null where the switch did not answer; the same for <paramref name="Queue"/>.</param>
    private sealed record Assistant(
        bool? Enabled,
        DateTimeOffset? Since,
        AiQueueProtocol.QueueState? Queue,
        IReadOnlyList<Worker> Workers
    );

    private sealed record Overview(
        DateTimeOffset At,
        string Node,
        IReadOnlyList<NodeView> Members,
        Assistant Assistant,
        Journal Journal
    );

    public static void MapAdminCluster(this RouteGroupBuilder admin)
    {
        admin.MapGet("/cluster", GetAsync);
        admin.MapGet("/shards/{kind}", ShardsAsync);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http,
        [FromServices] ClusterReader cluster,
        [FromServices] LatestLook look,
        [FromServices] IRequiredActor<AiSwitches> switches,
        [FromServices] IRequiredActor<AiQueue> queue,
        [FromServices] AiSwitch node,
        [FromServices] TimeProvider time
    )
    {
        var members = cluster.MembersAsync(http.RequestAborted);
        var state = AskAsync<AiSwitchProtocol.State>(switches.ActorRef, AiSwitchProtocol.Get.Instance);
        var waiting = AskAsync<AiQueueProtocol.QueueState>(queue.ActorRef, AiQueueProtocol.GetQueue.Instance);
        var workers = AskAsync<OperatorProtocol.Workers>(queue.ActorRef, OperatorProtocol.GetWorkers.Instance);
        await Task.WhenAll(members, state, waiting, workers);
        return AdminJson.Answer(
            new Overview(
                time.GetUtcNow(),
                cluster.SelfName,
                await members,
                AssistantOf(await state, await waiting, await workers, node),
                JournalOf(look.Journal ?? JournalPositions.None)
            )
        );
    }

    private static async Task<IResult> ShardsAsync(
        HttpContext http,
        [FromRoute] string kind,
        [FromServices] ShardReader shards
    )
    {
        try
        {
            return await shards.ReadAsync(kind, http.RequestAborted) is { } found
                ? AdminJson.Answer(new { shards = found })
                : new Problem(new Rejection(ErrorCode.NotFound, "The kinds are chats, users and phones."));
        }
        catch (AskTimeoutException)
        {
            return new Problem(new Rejection(ErrorCode.Timeout, "The regions did not answer in time."));
        }
    }

    private static Assistant AssistantOf(
        AiSwitchProtocol.State? state,
        AiQueueProtocol.QueueState? queue,
        OperatorProtocol.Workers? workers,
        AiSwitch node
    ) =>
        new(
            state is null ? null : state.Enabled && node.Configured,
            state?.Since,
            queue,
            [
                .. (workers?.Nodes ?? [])
                    .Select(w => new Worker(Address.Parse(w.Node).NodeName(), w.Busy, w.Idle))
                    .OrderBy(w => w.Node, StringComparer.Ordinal),
            ]
        );

    private static Journal JournalOf(JournalPositions positions) =>
        new(
            !positions.Failed,
            positions.Head,
            positions.Lag.TotalSeconds,
            [
                .. positions.Projections.Select(p => new Projection(
                    p.Name,
                    p.Position,
                    Math.Max(0, positions.Head - p.Position)
                )),
            ]
        );

    private static async Task<T?> AskAsync<T>(IActorRef actor, object question)
        where T : class
    {
        try
        {
            return await actor.Ask<T>(question, Patience);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
