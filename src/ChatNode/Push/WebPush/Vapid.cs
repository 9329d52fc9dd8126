using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Push.WebPush;

/// <summary>Who sends, for push services: a key of the whole site and a token for each service (RFC 8292).</summary>
public sealed class Vapid : IDisposable
{
    private const string SecretName = "vapid.key";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ECDsa _key;
    private readonly string _subject;

    public Vapid(byte[] privateKey, string subject)
    {
        _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateKey });
        _subject = subject;
        PublicKey = Base64Url.EncodeToString(PushContent.PointOf(_key.ExportParameters(false)));
    }

    /// <summary>Base64url of the uncompressed point: the browser's <c>applicationServerKey</c>.</summary>
    public string PublicKey { get; }

    /// <summary>Null where several nodes have been given no key to share: there is no Web Push then.</summary>
    /// <exception cref="ConfigurationException">The key is none.</exception>
    public static Vapid? From(ChatAiOptions options)
    {
        try
        {
            if (options.Push.VapidPrivateKey is { Length: > 0 } given)
                return new Vapid(Base64Url.DecodeFromChars(given), options.Push.Subject);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            throw new ConfigurationException(
                "Configuration: ChatAi:Push:VapidPrivateKey must be base64url of a P-256 private key (32 bytes)."
            );
        }
        return options.IsOneMachine
            ? new Vapid(new SecretStore(options.DataDir).GetOrCreate(SecretName), options.Push.Subject)
            : null;
    }

    /// <summary>The header <c>Authorization</c> for a push service.</summary>
    public string AuthorizationFor(Uri endpoint, DateTimeOffset now)
    {
        var header = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8);
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["aud"] = endpoint.GetLeftPart(UriPartial.Authority),
                ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
                ["sub"] = _subject,
            }
        );
        var signed = $"{header}.{Base64Url.EncodeToString(claims)}";
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"vapid t={signed}.{Base64Url.EncodeToString(signature)}, k={PublicKey}";
    }

    public void Dispose() => _key.Dispose();
}
