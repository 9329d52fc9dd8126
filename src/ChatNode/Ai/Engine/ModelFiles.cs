using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>The SHA-256 of model files, each read once as long as it does not change.</summary>
internal static class ModelFiles
{
    private static readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written), string> Known = new();

    /// <exception cref="OperationCanceledException">The whole of a large file is read, which takes long.</exception>
    internal static string Sha256(string path, CancellationToken stop)
    {
        var file = new FileInfo(path);
        var key = (file.FullName, file.Length, file.LastWriteTimeUtc);
        return Known.TryGetValue(key, out var known) ? known : Known.GetOrAdd(key, Compute(path, stop));
    }

    private static string Compute(string path, CancellationToken stop)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        while (stream.Read(buffer) is > 0 and var read)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
