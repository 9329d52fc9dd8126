using Akka.Cluster;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Operators;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>What is done with one node, named <c>host:port</c> of the cluster.</summary>
internal static class AdminNodes
{
    private static readonly Rejection Unknown = new(ErrorCode.NotFound, "The cluster has no member of this name.");
    private static readonly Rejection NoAnswer = new(ErrorCode.Timeout, "The node did not answer in time.");

    private sealed record Leaving(string Node);

    public static void MapAdminNodes(this RouteGroupBuilder admin)
    {
        admin.MapPut("/nodes/{node}/drain", DrainAsync);
        admin.MapDelete("/nodes/{node}/drain", UndrainAsync);
        admin.MapPost("/nodes/{node}/leave", LeaveAsync);
        admin.MapPost("/nodes/{node}/down", DownAsync);
    }

    private static Task<IResult> DrainAsync(
        HttpContext http,
        [FromRoute] string node,
        [FromServices] Audit audit,
        [FromServices] ClusterReader cluster
    ) => SetDrainAsync(http, node, true, audit, cluster);

    private static Task<IResult> UndrainAsync(
        HttpContext http,
        [FromRoute] string node,
        [FromServices] Audit audit,
        [FromServices] ClusterReader cluster
    ) => SetDrainAsync(http, node, false, audit, cluster);

    private static Task<IResult> SetDrainAsync(
        HttpContext http,
        string node,
        bool on,
        Audit audit,
        ClusterReader cluster
    ) =>
        RunAsync<OperatorProtocol.DrainSet>(
            http,
            on ? "node.drain" : "node.undrain",
            node,
            audit,
            cluster,
            async (member, cancel) =>
                await cluster.DrainAsync(member, on, cancel) is { } set
                    ? set
                    : (Outcome<OperatorProtocol.DrainSet>)NoAnswer
        );

    private static Task<IResult> LeaveAsync(
        HttpContext http,
        [FromRoute] string node,
        [FromServices] Audit audit,
        [FromServices] ClusterReader cluster
    ) =>
        RunAsync<Leaving>(
            http,
            "node.leave",
            node,
            audit,
            cluster,
            (member, _) =>
            {
                cluster.Leave(member);
                return Task.FromResult<Outcome<Leaving>>(new Leaving(node));
            }
        );

    private static Task<IResult> DownAsync(
        HttpContext http,
        [FromRoute] string node,
        [FromServices] Audit audit,
        [FromServices] ClusterReader cluster
    ) =>
        RunAsync<Leaving>(
            http,
            "node.down",
            node,
            audit,
            cluster,
            (member, _) =>
            {
                // One that is reachable would go on and write beside its successor until it heard of it.
                if (!cluster.IsUnreachable(member))
                    return Task.FromResult<Outcome<Leaving>>(
                        new Rejection(ErrorCode.Conflict, "The node is reachable: let it leave instead.")
                    );
                cluster.Down(member);
                return Task.FromResult<Outcome<Leaving>>(new Leaving(node));
            }
        );

    // Nodes must be moved while the database is away, too: the audit log must not stand in the way.
    private static async Task<IResult> RunAsync<T>(
        HttpContext http,
        string action,
        string node,
        Audit audit,
        ClusterReader cluster,
        Func<Member, CancellationToken, Task<Outcome<T>>> act
    )
        where T : notnull =>
        cluster.Find(node) is not { } member
            ? new Problem(Unknown)
            : AdminJson.Answer(
                await audit.RunAsync(
                    AdminJson.CallerOf(http),
                    action,
                    node,
                    cancel => act(member, cancel),
                    evenUnwritten: true
                )
            );
}
