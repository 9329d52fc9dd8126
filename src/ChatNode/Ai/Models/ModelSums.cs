using System.Buffers;
using System.Security.Cryptography;

namespace ChatAi.ChatNode.Ai.Models;

/// <summary>SHA-256 of model files and the record of it beside them, <c>NAME.sha256</c> as sha256sum writes it.</summary>
public static class ModelSums
{
    private const int HexLength = 64;

    public static string RecordOf(string modelPath) => $"{modelPath}.sha256";

    public static bool IsHex(string text) => text.Length == HexLength && text.All(char.IsAsciiHexDigit);

    /// <summary>Lower-case hex.</summary>
    public static async Task<string> ComputeAsync(string path, IProgress<long>? done, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            for (int read; (read = await file.ReadAsync(buffer, cancel)) > 0; )
            {
                hash.AppendData(buffer, 0, read);
                done?.Report(file.Position);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The recorded sum, or null where there is none that can be read.</summary>
    public static string? Recorded(string modelPath)
    {
        var record = RecordOf(modelPath);
        if (!File.Exists(record))
            return null;
        var first = File.ReadLines(record).FirstOrDefault()?.Split(' ')[0].TrimStart('\\');
        return first is not null && IsHex(first) ? first.ToLowerInvariant() : null;
    }

    public static void Record(string modelPath, string sum)
    {
        var record = RecordOf(modelPath);
        var draft = $"{record}.{Environment.ProcessId}";
        File.WriteAllText(draft, $"{sum}  {Path.GetFileName(modelPath)}\n");
        DurableFiles.Move(draft, record);
    }
}
