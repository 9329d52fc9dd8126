using ChatAi.ChatNode.Operators;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>What operators did, newest first.</summary>
internal static class AdminAudit
{
    private const int Rows = 50;

    private sealed record Entry(
        long Id,
        DateTimeOffset At,
        string Token,
        string Address,
        string Node,
        string Action,
        string Target,
        DateTimeOffset? EndedAt,
        string? Outcome,
        string? Detail
    );

    public static void MapAdminAudit(this RouteGroupBuilder admin) => admin.MapGet("/audit", PageAsync);

    private static async Task<IResult> PageAsync(HttpContext http, [FromServices] AuditLog log)
    {
        var parameters = new Parameters(http);
        var limit = parameters.LimitOrNull("limit", AuditLog.MostRows) ?? Rows;
        var before = parameters.SeqOrNull("before");
        if (parameters.Error is { } wrong)
            return new Problem(wrong);
        var rows = await log.PageAsync(before, limit, http.RequestAborted);
        return AdminJson.Answer(
            new { entries = rows.Select(EntryOf), next = rows.Count == limit ? rows[^1].Id : (long?)null }
        );
    }

    private static Entry EntryOf(AuditRow row) =>
        new(
            row.Id,
            row.At,
            row.Call.Token,
            row.Call.From,
            row.Call.Node,
            row.Call.Action,
            row.Call.Target,
            row.EndedAt,
            row.Outcome,
            row.Detail
        );
}
