using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway.Codec;

namespace ChatAi.ChatNode.Api;

/// <summary>The caller: profile and devices.</summary>
public static class MeApi
{
    public static void MapMe(this RouteGroupBuilder v1)
    {
        v1.MapGet("/me", GetAsync);
        v1.MapPatch("/me", RenameAsync);
        v1.MapGet("/devices", DevicesAsync);
        v1.MapDelete("/devices/{device}", RevokeAsync);
    }

    private static async Task<IResult> GetAsync(HttpContext http, AccountOperations accounts) =>
        (await accounts.MeAsync(http.Caller().User, http.RequestAborted)).Answer(AccountJson.WritePerson);

    private static async Task<IResult> RenameAsync(HttpContext http, AccountOperations accounts)
    {
        var name = await RequestBody.ReadAsync(http, static (ref Fields d) => d.Text("display_name"u8));
        if (!name.IsOk)
            return new Problem(name.Rejection);
        var me = await accounts.RenameAsync(http.Caller().User, name.Value, http.RequestAborted);
        return me.Answer(AccountJson.WritePerson);
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
