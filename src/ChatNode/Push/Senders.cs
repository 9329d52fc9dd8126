using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ChatAi.ChatNode.Push.WebPush;

namespace ChatAi.ChatNode.Push;

/// <summary>Says in the log that somebody should be told, and nothing of what was said.</summary>
public sealed class LogSender(ILogger<LogSender> log) : IPushSender
{
    public string Kind => PushKind.Log;

    public Task<PushResult> SendAsync(PushNote note, PushSubscription to, CancellationToken cancel)
    {
        log.LogInformation("Push: user {User}, chat {Chat}, up to {Seq}", note.Row.User, note.Row.Chat, note.Row.Seq);
        return Task.FromResult(PushResult.Sent);
    }
}

/// <summary>Posts to the address of the subscription, signed with its key.</summary>
public sealed class WebhookSender(HttpClient http, TimeProvider time) : IPushSender
{
    public string Kind => PushKind.Webhook;

    public async Task<PushResult> SendAsync(PushNote note, PushSubscription to, CancellationToken cancel)
    {
        var secret = Convert.FromBase64String(to.Secret);
        using var request = SignedWebhook.Request(
            new Uri(to.Endpoint),
            note.Id,
            time.GetUtcNow(),
            PushJson.Write(note),
            secret
        );
        return await Posting.SendAsync(http, request, time, cancel);
    }
}

/// <summary>Web Push: RFC 8030, 8291 and 8292.</summary>
public sealed class WebPushSender(HttpClient http, Vapid vapid, TimeSpan ttl, TimeProvider time) : IPushSender
{
    public string Kind => PushKind.WebPush;

    public async Task<PushResult> SendAsync(PushNote note, PushSubscription to, CancellationToken cancel)
    {
        var endpoint = new Uri(to.Endpoint);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ByteArrayContent(
            PushContent.Encrypt(
                PushJson.Write(note),
                Base64Url.DecodeFromChars(to.PublicKey),
                Base64Url.DecodeFromChars(to.Secret)
            )
        );
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentEncoding.Add("aes128gcm");
        request.Headers.TryAddWithoutValidation("Authorization", vapid.AuthorizationFor(endpoint, time.GetUtcNow()));
        var left = Math.Max(0, (long)(note.Row.CreatedAt + ttl - time.GetUtcNow()).TotalSeconds);
        request.Headers.Add("TTL", left.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Urgency", "high");
        request.Headers.Add("Topic", TopicOf(note.Row));
        return await Posting.SendAsync(http, request, time, cancel);
    }

    // One a chat, so that the service keeps only the newest; hashed, since it is none of its business which chat it is.
    private static string TopicOf(OutboxRow row) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(row.Target + row.Chat)))[..32];
}

internal static class Posting
{
    public static async Task<PushResult> SendAsync(
        HttpClient http,
        HttpRequestMessage request,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return Of(answer, time.GetUtcNow());
        }
        catch (HttpRequestException failed)
        {
            return new PushResult(PushOutcome.Failed, failed.Message);
        }
    }

    private static PushResult Of(HttpResponseMessage answer, DateTimeOffset now)
    {
        if (answer.IsSuccessStatusCode)
            return PushResult.Sent;
        var status = $"status {(int)answer.StatusCode}";
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            return new PushResult(PushOutcome.Gone, status);
        var after = answer.Headers.RetryAfter;
        return new PushResult(PushOutcome.Failed, status, after?.Delta ?? after?.Date - now);
    }
}
