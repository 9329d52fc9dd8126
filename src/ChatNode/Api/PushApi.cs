using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ChatAi.ChatNode.Gateway;
using ChatAi.ChatNode.Gateway.Codec;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Push;
using ChatAi.ChatNode.Push.WebPush;
using ChatAi.Shared.Domain;
using Microsoft.AspNetCore.Mvc;

namespace ChatAi.ChatNode.Api;

/// <summary>How the caller's device hears of messages while it has no socket.</summary>
public static class PushApi
{
    private static readonly Rejection NoWebPush = new(ErrorCode.Unsupported, "This server has no key for Web Push.");
    private static readonly Rejection None = new(ErrorCode.NotFound, "This device has no subscription.");

    private sealed record Wanted(string Kind, string Endpoint, string Key, string Auth, bool Text);

    public static void MapPush(this RouteGroupBuilder v1)
    {
        var push = v1.MapGroup("/push");
        push.MapGet("", GetAsync);
        push.MapPut("", PutAsync);
        push.MapDelete("", DeleteAsync);
        push.MapGet("/key", Key);
    }

    private static IResult Key([FromServices] WebPushKey key) =>
        key.Vapid is { } vapid
            ? new Json(JsonBytes.Write(vapid.PublicKey, WriteKey), StatusCodes.Status200OK)
            : new Problem(NoWebPush);

    private static async Task<IResult> GetAsync(HttpContext http, [FromServices] PushSubscriptions subscriptions)
    {
        var caller = http.Caller();
        var found = await subscriptions.FindAsync(
            caller.User.ToString(),
            caller.Device.ToString(),
            http.RequestAborted
        );
        return (found is null ? None : (Outcome<PushSubscription>)found).Answer((w, s) => Write(w, s, false));
    }

    private static async Task<IResult> PutAsync(
        HttpContext http,
        [FromServices] PushSubscriptions subscriptions,
        [FromServices] Endpoints endpoints,
        [FromServices] WebPushKey key,
        [FromServices] TimeProvider time
    )
    {
        var body = await RequestBody.ReadAsync(http, Read);
        if (!body.IsOk)
            return new Problem(body.Rejection);
        var wanted = body.Value;
        if (Check(wanted, endpoints, key) is { } refused)
            return new Problem(refused);
        var secret =
            wanted.Kind == PushKind.Webhook ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) : wanted.Auth;
        var subscription = new PushSubscription(
            wanted.Kind,
            wanted.Endpoint,
            wanted.Key,
            secret,
            wanted.Text,
            time.GetUtcNow()
        );
        var caller = http.Caller();
        await subscriptions.PutAsync(caller.User, caller.Device, subscription, http.RequestAborted);
        return ((Outcome<PushSubscription>)subscription).Answer((w, s) => Write(w, s, true));
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, [FromServices] PushSubscriptions subscriptions)
    {
        var caller = http.Caller();
        await subscriptions.DeleteAsync(caller.User, caller.Device, http.RequestAborted);
        return Results.NoContent();
    }

    private static Wanted Read(ref Fields d)
    {
        var kind = d.Text("type"u8);
        if (kind is not (PushKind.WebPush or PushKind.Webhook or PushKind.Log) && d.Error is null)
            d.Fail("'type' must be one of 'webpush', 'webhook', 'log'.");
        var endpoint = kind == PushKind.Log ? "" : d.Text("endpoint"u8);
        var text = d.BoolOrNull("text"u8) ?? true;
        if (kind != PushKind.WebPush)
            return new Wanted(kind, endpoint, "", "", text);
        var keys = new Fields(d.ObjectOrNull("keys"u8) ?? default);
        var wanted = new Wanted(
            kind,
            endpoint,
            keys.Text("p256dh"u8).TrimEnd('='),
            keys.Text("auth"u8).TrimEnd('='),
            text
        );
        if (keys.Error is { } wrong)
            d.Fail($"keys: {wrong.Message}");
        return wanted;
    }

    private static Rejection? Check(Wanted wanted, Endpoints endpoints, WebPushKey key)
    {
        if (wanted.Kind == PushKind.Log)
            return null;
        if (endpoints.Check(wanted.Endpoint) is { } refused)
            return refused;
        if (wanted.Kind == PushKind.Webhook)
            return null;
        if (key.Vapid is null)
            return NoWebPush;
        return
            BytesOf(wanted.Key) is { } point
            && PushContent.CheckedPoint(point) is not null
            && BytesOf(wanted.Auth) is { Length: 16 }
            ? null
            : new Rejection(ErrorCode.BadRequest, "'keys' must be those of a browser's subscription.");
    }

    private static byte[]? BytesOf(string base64Url) =>
        Base64Url.IsValid(base64Url) ? Base64Url.DecodeFromChars(base64Url) : null;

    /// <param name="withSecret">Of a webhook: shown when it is made, and never again.</param>
    private static void Write(Utf8JsonWriter w, PushSubscription subscription, bool withSecret)
    {
        w.WriteStartObject();
        w.WriteString("type"u8, subscription.Kind);
        if (subscription.Kind != PushKind.Log)
            w.WriteString("endpoint"u8, subscription.Endpoint);
        w.WriteBoolean("text"u8, subscription.WithText);
        w.WriteTime("created_at"u8, subscription.CreatedAt);
        if (withSecret && subscription.Kind == PushKind.Webhook)
            w.WriteString("secret"u8, SignedWebhook.SecretPrefix + subscription.Secret);
        w.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter w, string key)
    {
        w.WriteStartObject();
        w.WriteString("public_key"u8, key);
        w.WriteEndObject();
    }
}
