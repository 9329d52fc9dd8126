using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Accounts;

/// <summary>
/// A refresh token: whose it is and a random secret, as one opaque text. The user's entity keeps only the SHA-256 of the
/// secret, so a stolen journal signs nobody in.
/// </summary>
public sealed record RefreshToken(UserId User, DeviceId Device, ReadOnlyMemory<byte> Secret)
{
    public const int SecretBytes = 32;
    private const string Prefix = "r1.";
    private const int Bytes = 16 + 16 + SecretBytes;

    /// <summary>SHA-256 (hex) of the secret.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Secret.Span));

    public static RefreshToken New(UserId user, DeviceId device) =>
        new(user, device, RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Null for any text that <see cref="ToString"/> cannot have made.</summary>
    public static RefreshToken? Parse(string text)
    {
        if (text.Length != Prefix.Length + Base64Url.GetEncodedLength(Bytes))
            return null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[Bytes];
        var status = Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), bytes, out _, out var length);
        if (status != OperationStatus.Done || length != Bytes)
            return null;
        var token = new RefreshToken(
            new UserId(new Guid(bytes.AsSpan(0, 16), bigEndian: true)),
            new DeviceId(new Guid(bytes.AsSpan(16, 16), bigEndian: true)),
            bytes.AsMemory(32)
        );
        // One text a token: unused bits and white space that a decoder forgives make another text, which is none.
        return token.ToString() == text ? token : null;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        User.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        Device.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        Secret.Span.CopyTo(bytes[32..]);
        return Prefix + Base64Url.EncodeToString(bytes);
    }
}
