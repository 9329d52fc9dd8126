using System.Text;
using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Accounts;

/// <summary>The key that access tokens are signed with; every node of a cluster has the same.</summary>
public sealed class SigningKey(byte[] bytes)
{
    public const int MinBytes = 32;
    private const string SecretName = "signing.key";

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>The configured key, or on one machine the one of the data folder.</summary>
    /// <exception cref="ConfigurationException">A cluster's node without a key, or a key too short.</exception>
    public static SigningKey From(ChatAiOptions options)
    {
        if (Problem(options) is { } problem)
            throw new ConfigurationException($"Configuration: {problem}");
        return string.IsNullOrEmpty(options.Auth.SigningKey)
            ? new SigningKey(new SecretStore(options.DataDir).GetOrCreate(SecretName))
            : new SigningKey(Decode(options.Auth.SigningKey));
    }

    /// <summary>What is wrong with the configured key; null when nothing is.</summary>
    public static string? Problem(ChatAiOptions options)
    {
        if (!string.IsNullOrEmpty(options.Auth.SigningKey))
            return Decode(options.Auth.SigningKey).Length < MinBytes
                ? "ChatAi:Auth:SigningKey must be Base64 of at least 32 random bytes."
                : null;
        return options.IsOneMachine
            ? null
            : "ChatAi:Auth:SigningKey is required in a cluster: Base64 of at least 32 random bytes, the same on every node.";
    }

    // A long passphrase that is no Base64 (or too short as such) serves as its own bytes.
    private static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= MinBytes
            ? bytes[..length]
            : Encoding.UTF8.GetBytes(text);
    }
}
