using System.Globalization;
using ChatAi.ChatNode.Operators;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api.Admin;

/// <summary>Rooms in which the assistant writes more than people do, by counts that are kept with every message.</summary>
internal static class AdminRooms
{
    private const int Rows = 100;

    public static void MapAdminRooms(this RouteGroupBuilder admin) =>
        admin.MapGet("/rooms/bot-dominated", BotDominatedAsync);

    private static async Task<IResult> BotDominatedAsync(HttpContext http, [FromServices] RoomReader rooms)
    {
        var parameters = new Parameters(http);
        var limit = parameters.LimitOrNull("limit", RoomReader.MostRows) ?? Rows;
        var before = parameters.TextOrNull("before");
        var after = before is null ? null : CursorOf(before);
        if (before is not null && after is null)
            parameters.Fail("'before' must be a cursor of this list.");
        if (parameters.Error is { } wrong)
            return new Problem(wrong);
        var page = await rooms.BotDominatedAsync(after, limit, http.RequestAborted);
        var next = page.Count == limit ? $"{page[^1].AiMessages}.{page[^1].Chat}" : null;
        return AdminJson.Answer(new { rooms = page, next });
    }

    private static (long, string)? CursorOf(string text) =>
        text.Split('.', 2) is [var count, var chat]
        && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var messages)
        && Guid.TryParseExact(chat, "D", out _)
            ? (messages, chat)
            : null;
}
