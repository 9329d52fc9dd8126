using ChatAi.ChatNode.Accounts;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Attachments;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Attachments;

/// <summary>A file's way in: checked, counted, stored, in this order, and answered last.</summary>
public sealed class Uploader(
    IUploads uploads,
    IAttachmentStore store,
    AttachmentFolder folder,
    AttachmentOptions options,
    TimeProvider time
)
{
    private readonly RateBuckets<UserId> _rate = new(options.UploadsPerMinute, time);
    private readonly UploadQuota _quota = new(
        options.MaxBytesPerUser,
        options.MaxBytesPerUserPerDay,
        options.MaxFilesPerUserPerDay
    );

    /// <summary>Before anything is read of the file.</summary>
    /// <param name="length">As the client says; null where it does not.</param>
    public async Task<Rejection?> MayBeginAsync(UserId by, long? length, CancellationToken cancel) =>
        Counted(await CheckAsync(by, length, cancel));

    private async Task<Rejection?> CheckAsync(UserId by, long? length, CancellationToken cancel)
    {
        if (length > options.MaxFileBytes)
            return UploadProblem.TooLarge(options.MaxFileBytes);
        if (_rate.Take(by) is { } wait)
            return UploadProblem.TooFast(wait);
        if (folder.FreeBytes() - (length ?? 0) < options.MinFreeBytes)
            return UploadProblem.NoRoom;
        return Problem(await uploads.CheckAsync(by, length ?? 1, _quota, cancel));
    }

    /// <param name="declared">The header <c>Content-Type</c>.</param>
    /// <returns>The attachment, or why there is none.</returns>
    public async Task<(Attachment? Attachment, Rejection? Refused)> TakeAsync(
        UserId by,
        Stream body,
        string? declared,
        string? name,
        CancellationToken cancel
    )
    {
        if (MediaType.Parse(declared) is not { } type)
            return (null, Counted(UploadProblem.NoMediaType));
        try
        {
            using var receiving = new ReceivingFile(folder.NewFile());
            var (file, refused) = await receiving.ReceiveAsync(
                body,
                type,
                FileName.Clean(name),
                options.MaxFileBytes,
                cancel
            );
            return file is null ? (null, Counted(refused)) : await KeepAsync(by, file, receiving.Path, cancel);
        }
        catch (IOException e) when (e is not BadHttpRequestException && DurableFiles.IsDiskFull(e))
        {
            return (null, Counted(UploadProblem.NoRoom));
        }
    }

    private async Task<(Attachment?, Rejection?)> KeepAsync(
        UserId by,
        ReceivedFile file,
        string path,
        CancellationToken cancel
    )
    {
        var (attachment, refusal) = await uploads.AddAsync(by, file, _quota, cancel);
        if (attachment is null)
            return (null, Counted(Problem(refusal)));
        try
        {
            await store.PutAsync(new ContentKey(attachment.Sha256, attachment.Copy), path, cancel);
        }
        catch (Exception e)
        {
            await uploads.RemoveAsync(attachment.Id, CancellationToken.None);
            if (e is not IOException io)
                throw;
            return (null, Counted(DurableFiles.IsDiskFull(io) ? UploadProblem.NoRoom : UploadProblem.StoreFailed));
        }
        AttachmentMetrics.Stored(file.Size);
        return (attachment, null);
    }

    private Rejection? Problem(UploadRefusal refusal) =>
        refusal switch
        {
            UploadRefusal.Full => UploadProblem.Full,
            UploadRefusal.TooMuchToday => UploadProblem.TooMuchToday(time.GetUtcNow()),
            _ => null,
        };

    private static Rejection? Counted(Rejection? refused)
    {
        if (refused is not null)
            AttachmentMetrics.Refused(refused.Code);
        return refused;
    }
}
