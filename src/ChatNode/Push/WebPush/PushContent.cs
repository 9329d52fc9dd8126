using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChatAi.ChatNode.Push.WebPush;

/// <summary>
/// Encryption of a push message for one browser: RFC 8291 (keys) over RFC 8188 (<c>aes128gcm</c>, one record). The push
/// service between sees neither text nor names.
/// </summary>
public static class PushContent
{
    /// <summary>Most bytes that a message may have, so that the body stays within the 4096 that services must take.</summary>
    public const int MaxPlain = 3_993;

    private const int RecordSize = 4_096;
    private const int PointBytes = 65;
    private const int SaltBytes = 16;

    /// <param name="publicKey">The browser's, an uncompressed point.</param>
    /// <param name="auth">The browser's secret, 16 bytes.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, byte[] publicKey, byte[] auth)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(plain, publicKey, auth, own, RandomNumberGenerator.GetBytes(SaltBytes));
    }

    /// <param name="own">The key of this one message.</param>
    public static byte[] Encrypt(
        ReadOnlySpan<byte> plain,
        byte[] publicKey,
        byte[] auth,
        ECDiffieHellman own,
        byte[] salt
    )
    {
        if (plain.Length > MaxPlain)
            throw new ArgumentException($"A push message has at most {MaxPlain} bytes.", nameof(plain));
        using var browser = ECDiffieHellman.Create(ParametersOf(publicKey));
        var ownPublic = PointOf(own.ExportParameters(false));
        var shared = own.DeriveRawSecretAgreement(browser.PublicKey);
        byte[] keyInfo = [.. "WebPush: info\0"u8, .. publicKey, .. ownPublic];
        var ikm = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, auth, keyInfo);
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 16, salt, Info("Content-Encoding: aes128gcm\0"));
        var nonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, ikm, 12, salt, Info("Content-Encoding: nonce\0"));

        var body = new byte[SaltBytes + 4 + 1 + PointBytes + plain.Length + 1 + 16];
        salt.CopyTo(body, 0);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltBytes), RecordSize);
        body[SaltBytes + 4] = PointBytes;
        ownPublic.CopyTo(body, SaltBytes + 5);
        var record = body.AsSpan(SaltBytes + 5 + PointBytes);
        // The delimiter of the last record.
        byte[] padded = [.. plain, 2];
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(nonce, padded, record[..padded.Length], record[padded.Length..]);
        return body;
    }

    /// <summary>Null where the bytes are no point of P-256.</summary>
    public static byte[]? CheckedPoint(byte[] publicKey)
    {
        try
        {
            using var key = ECDiffieHellman.Create(ParametersOf(publicKey));
            return publicKey;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static byte[] PointOf(ECParameters key) => [4, .. key.Q.X!, .. key.Q.Y!];

    private static ECParameters ParametersOf(byte[] point) =>
        point.Length == PointBytes && point[0] == 4
            ? new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33], Y = point[33..] },
            }
            : throw new CryptographicException("Not an uncompressed point of P-256.");

    private static byte[] Info(string text) => Encoding.ASCII.GetBytes(text);
}
