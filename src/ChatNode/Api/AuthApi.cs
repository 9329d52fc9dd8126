using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Api;

/// <summary>Signing in and out. The codes of one address are limited, so that nobody's phone is flooded from there.</summary>
public static class AuthApi
{
    public static void MapAuth(this RouteGroupBuilder v1)
    {
        var auth = v1.MapGroup("/auth");
        auth.MapPost("/code", RequestCodeAsync);
        auth.MapPost("/token", SignInAsync);
        auth.MapPost("/refresh", RefreshAsync);
        auth.MapGroup("").RequireCaller().MapPost("/logout", LogOutAsync);
    }

    private static async Task<IResult> RequestCodeAsync(HttpContext http, AccountOperations accounts, CodeLimit limit)
    {
        var phone = await RequestBody.ReadAsync(http, static (ref Fields d) => d.Text("phone"u8));
        if (!phone.IsOk)
            return new Problem(phone.Rejection);
        if (limit.Check(http) is { } refused)
            return new Problem(refused);
        var sent = await accounts.RequestCodeAsync(phone.Value, http.RequestAborted);
        return sent.Answer(AccountJson.WriteCodeSent, StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> SignInAsync(HttpContext http, AccountOperations accounts)
    {
        var request = await RequestBody.ReadAsync(
            http,
            static (ref Fields d) =>
                new SignInRequest(
                    d.Text("phone"u8),
                    d.Text("code"u8),
                    d.Text("device"u8),
                    d.TextOrNull("display_name"u8)
                )
        );
        if (!request.IsOk)
            return new Problem(request.Rejection);
        return (await accounts.SignInAsync(request.Value, http.RequestAborted)).Answer(AccountJson.WriteSignedIn);
    }

    private static async Task<IResult> RefreshAsync(HttpContext http, AccountOperations accounts)
    {
        var token = await RequestBody.ReadAsync(http, static (ref Fields d) => d.Text("refresh_token"u8));
        if (!token.IsOk)
            return new Problem(token.Rejection);
        return (await accounts.RefreshAsync(token.Value, http.RequestAborted)).Answer(AccountJson.WriteSignedIn);
    }

    private static async Task<IResult> LogOutAsync(HttpContext http, AccountOperations accounts)
    {
        var caller = http.Caller();
        return Answers.NoContent(
            await accounts.RevokeAsync(caller.User, caller.Device, "signed out", http.RequestAborted)
        );
    }
}

/// <summary><c>ChatAi:RateLimit:CodesPerMinute</c>, by the connection's address.</summary>
public sealed class CodeLimit(RateBuckets<string> buckets)
{
    public Rejection? Check(HttpContext http) =>
        buckets.Check(
            ClientAddress.Of(http.Connection.RemoteIpAddress),
            "Too many codes were asked for from this address."
        );
}
