using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ChatAi.ChatNode.Push;

/// <summary>
/// Posts that a receiver can check, as standardwebhooks.com has them: <c>webhook-signature</c> is HMAC-SHA256 over id,
/// time and body. The id is the same at every attempt, so that a receiver knows what it has.
/// </summary>
public static class SignedWebhook
{
    public const string SecretPrefix = "whsec_";

    public static HttpRequestMessage Request(Uri address, string id, DateTimeOffset now, byte[] body, byte[] secret)
    {
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Signature(id, timestamp, body, secret));
        return request;
    }

    public static string Signature(string id, string timestamp, ReadOnlySpan<byte> body, byte[] secret) =>
        "v1,"
        + Convert.ToBase64String(
            HMACSHA256.HashData(secret, (byte[])[.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body])
        );
}
