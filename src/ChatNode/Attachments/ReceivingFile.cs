using System.Buffers;
using System.Security.Cryptography;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Attachments;

namespace ChatAi.ChatNode.Attachments;

/// <summary>A file that comes in: hashed and written beside, never in memory as a whole. Its temporary file goes with it.</summary>
public sealed class ReceivingFile(string path) : IDisposable
{
    private const int BufferBytes = 65_536;

    public string Path { get; } = path;

    /// <summary>Takes all that comes, if it is what it says it is.</summary>
    /// <param name="declared">As <see cref="MediaType.Parse"/> made it.</param>
    /// <returns>The file, or why it is refused.</returns>
    public async Task<(ReceivedFile? File, Rejection? Refused)> ReceiveAsync(
        Stream from,
        string declared,
        string name,
        long mostBytes,
        CancellationToken cancel
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var filled = await from.ReadAtLeastAsync(
                buffer.AsMemory(0, BufferBytes),
                Signature.Bytes,
                throwOnEndOfStream: false,
                cancel
            );
            if (filled == 0)
                return (null, UploadProblem.Empty);
            var found = Signature.Of(buffer.AsSpan(0, Math.Min(filled, Signature.Bytes)));
            if (MediaType.Settle(declared, found) is not { } type)
                return (null, UploadProblem.NotWhatItSays(declared));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var size = 0L;
            await using (var to = new FileStream(Path, Options))
                for (; filled > 0; filled = await from.ReadAsync(buffer, cancel))
                {
                    size += filled;
                    if (size > mostBytes)
                        return (null, UploadProblem.TooLarge(mostBytes));
                    hash.AppendData(buffer, 0, filled);
                    await to.WriteAsync(buffer.AsMemory(0, filled), cancel);
                }
            if (await MeasureAsync(type, cancel) is not { } dimensions)
                return (null, UploadProblem.BadPicture(type));
            var sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            return (new ReceivedFile(sha256, size, type, name, dimensions.Width, dimensions.Height), null);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose() => File.Delete(Path);

    /// <summary>Null where the picture's header cannot be read or is absurd; no numbers for what is no picture.</summary>
    private async Task<(int? Width, int? Height)?> MeasureAsync(string type, CancellationToken cancel)
    {
        if (!ImageSize.Knows(type))
            return (null, null);
        await using var file = File.OpenRead(Path);
        // A photograph's preview and colours stand before its size.
        var start = ArrayPool<byte>.Shared.Rent((int)Math.Min(file.Length, ImageSize.MostBytes));
        try
        {
            var read = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel);
            return ImageSize.Of(type, start.AsSpan(0, read)) is { IsAbsurd: false } size
                ? (size.Width, size.Height)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(start);
        }
    }

    private static FileStreamOptions Options =>
        new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
}
