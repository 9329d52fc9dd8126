using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway.Codec;

namespace ChatAi.ChatNode.Api;

/// <summary>The caller: profile and devices.</summary>
public static class MeApi
{
    public static void MapMe(this RouteGroupBuilder v1)
    {
        v1.MapGet("/me", GetAsync);
        v1.MapPatch("/me", ChangeAsync);
        v1.MapGet("/devices", DevicesAsync);
        v1.MapDelete("/devices/{device}", RevokeAsync);
    }

    private static async Task<IResult> GetAsync(HttpContext http, AccountOperations accounts) =>
        (await accounts.MeAsync(http.Caller().User, http.RequestAborted)).Answer(AccountJson.WritePerson);

    private static async Task<IResult> ChangeAsync(HttpContext http, AccountOperations accounts)
    {
        var change = await RequestBody.ReadAsync(http, ReadChange);
        if (!change.IsOk)
            return new Problem(change.Rejection);
        var me = await accounts.ChangeAsync(http.Caller().User, change.Value, http.RequestAborted);
        return me.Answer(AccountJson.WritePerson);
    }

    private static ProfileChange ReadChange(ref Fields d)
    {
        var change = new ProfileChange(d.TextOrNull("display_name"u8), LastSeenChoices.Of(ref d));
        if (change is { DisplayName: null, LastSeen: null })
            d.Fail("Give at least one of 'display_name' and 'last_seen'.");
        return change;
    }

    private static async Task<IResult> DevicesAsync(HttpContext http, AccountOperations accounts)
    {
        var caller = http.Caller();
        var devices = await accounts.DevicesAsync(caller.User, http.RequestAborted);
        return devices.Answer((w, list) => AccountJson.WriteDevices(w, (list.Devices, caller.Device)));
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, AccountOperations accounts)
    {
        var parameters = new Parameters(http);
        var device = parameters.Device();
        if (parameters.Error is { } error)
            return new Problem(error);
        return Answers.NoContent(
            await accounts.RevokeAsync(http.Caller().User, device, "revoked by the user", http.RequestAborted)
        );
    }
}
