using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Ai;
using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Operators;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>The assistant's switch, and its summaries.</summary>
internal static class AdminAssistant
{
    private const int Rows = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(30);

    private sealed record Switch(bool Enabled, DateTimeOffset? Since);

    public static void MapAdminAssistant(this RouteGroupBuilder admin)
    {
        admin.MapGet("/ai", GetAsync);
        admin.MapPut("/ai", SetAsync);
        admin.MapGet("/summaries/stale", StaleAsync);
        admin.MapPost("/summaries/sweep", SweepAsync);
    }

    private static async Task<IResult> GetAsync(
        [FromServices] IRequiredActor<AiSwitches> cluster,
        [FromServices] AiSwitch node
    ) => AdminJson.Answer(await AskAsync(cluster, AiSwitchProtocol.Get.Instance, node));

    private static async Task<IResult> SetAsync(
        HttpContext http,
        [FromServices] IRequiredActor<AiSwitches> cluster,
        [FromServices] AiSwitch node,
        [FromServices] Audit audit
    )
    {
        var wanted = await RequestBody.ReadAsync(http, static (ref Fields d) => d.Bool("enabled"u8));
        if (!wanted.IsOk)
            return new Problem(wanted.Rejection);
        if (wanted.Value && !node.Configured)
            return new Problem(
                new Rejection(ErrorCode.Conflict, "ChatAi:Ai:Enabled=false in the configuration keeps it off.")
            );
        return AdminJson.Answer(
            await audit.RunAsync(
                AdminJson.CallerOf(http),
                wanted.Value ? "ai.on" : "ai.off",
                "",
                _ => AskAsync(cluster, new AiSwitchProtocol.Switch(wanted.Value), node)
            )
        );
    }

    private static async Task<Outcome<Switch>> AskAsync(
        IRequiredActor<AiSwitches> cluster,
        object question,
        AiSwitch node
    )
    {
        try
        {
            var state = await cluster.ActorRef.Ask<AiSwitchProtocol.State>(question, Patience);
            return new Switch(state.Enabled && node.Configured, state.Since);
        }
        catch (AskTimeoutException)
        {
            return new Rejection(ErrorCode.Timeout, "The switch did not answer in time.");
        }
    }

    private static async Task<IResult> StaleAsync(HttpContext http, [FromServices] RoomReader rooms)
    {
        var parameters = new Parameters(http);
        var limit = parameters.LimitOrNull("limit", RoomReader.MostRows);
        return parameters.Error is { } wrong
            ? new Problem(wrong)
            : AdminJson.Answer(new { rooms = await rooms.StaleSummariesAsync(limit ?? Rows, http.RequestAborted) });
    }

    private static async Task<IResult> SweepAsync(
        HttpContext http,
        [FromServices] IRequiredActor<AiSweepers> sweeper,
        [FromServices] Audit audit
    ) =>
        AdminJson.Answer(
            await audit.RunAsync<OperatorProtocol.Swept>(
                AdminJson.CallerOf(http),
                "summaries.sweep",
                "",
                async cancel =>
                {
                    try
                    {
                        return await sweeper.ActorRef.Ask<OperatorProtocol.Swept>(
                            OperatorProtocol.Sweep.Instance,
                            SweepPatience,
                            cancel
                        );
                    }
                    catch (AskTimeoutException)
                    {
                        return new Rejection(ErrorCode.Timeout, "The sweeper did not answer in time.");
                    }
                }
            )
        );
}
