using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>The SHA-256 of model files, each read once as long as it does not change.</summary>
internal static class ModelFiles
{
    private static readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written), string> Known = new();

    internal static string Sha256(string path)
    {
        var file = new FileInfo(path);
        return Known.GetOrAdd(
            (file.FullName, file.Length, file.LastWriteTimeUtc),
            static key =>
            {
                using var stream = new FileStream(key.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            }
        );
    }
}
