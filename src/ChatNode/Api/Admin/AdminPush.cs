using ChatAi.ChatNode.Push;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>Pushes that were given up.</summary>
internal static class AdminPush
{
    private const int Rows = 50;

    public static void MapAdminPush(this RouteGroupBuilder admin) => admin.MapGet("/push/dead", DeadAsync);

    private static async Task<IResult> DeadAsync(HttpContext http, [FromServices] Outbox outbox)
    {
        var parameters = new Parameters(http);
        var limit = parameters.LimitOrNull("limit", Outbox.MostRows) ?? Rows;
        if (parameters.Error is { } wrong)
            return new Problem(wrong);
        return AdminJson.Answer(new { dead = await outbox.DeadAsync(limit, http.RequestAborted) });
    }
}
