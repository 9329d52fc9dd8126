using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Export;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>A person's data, streamed.</summary>
public static class ExportApi
{
    public static void MapExport(this RouteGroupBuilder v1) => v1.MapGet("/export", ExportAsync);

    private static async Task<IResult> ExportAsync(
        HttpContext http,
        AccountOperations accounts,
        BlockOperations blocks,
        ExportWriter writer,
        ExportLimit limit,
        ILogger<ExportWriter> log
    )
    {
        var caller = http.Caller();
        var cancel = http.RequestAborted;
        if (limit.Check(caller.User) is { } refused)
            return new Problem(refused);
        var me = await accounts.MeAsync(caller.User, cancel);
        var devices = await accounts.DevicesAsync(caller.User, cancel);
        var blocked = await blocks.ListAsync(caller.User);
        if ((me.Rejection ?? devices.Rejection ?? blocked.Rejection) is { } missing)
            return new Problem(missing);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"chatai-export.json\"";
        try
        {
            var account = new ExportedAccount(me.Value!, devices.Value!, blocked.Value!, caller.Device);
            await writer.WriteAsync(http.Response.BodyWriter, account, cancel);
        }
        catch (ExportFailedException failed)
        {
            log.LogWarning(failed, "An export was cut off");
            http.Abort();
        }
        return Results.Empty;
    }
}

/// <summary><c>ChatAi:RateLimit:ExportsPerHour</c>, by user.</summary>
public sealed class ExportLimit(RateBuckets<UserId> buckets)
{
    public Rejection? Check(UserId user) => buckets.Check(user, "You exported your data too often.");
}
