using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Attachments;

/// <summary>A file that is here and hangs on no message yet, as far as the tables know.</summary>
/// <param name="Chat">Where its owner is sending it, or null.</param>
public sealed record Upload(UserId Owner, Attachment Attachment, ChatId? Chat);

/// <summary>Where a file hangs.</summary>
public sealed record AttachmentPlace(ChatId Chat, long Seq);

/// <summary>How much a user may have and bring; 0 is no limit.</summary>
public sealed record UploadQuota(long Bytes, long BytesPerDay, int FilesPerDay);

/// <summary>Why a quota lets a file not in.</summary>
public enum UploadRefusal
{
    None,

    /// <summary>Until messages or uploads go.</summary>
    Full,

    /// <summary>Until tomorrow (UTC).</summary>
    TooMuchToday,
}

/// <summary>What is known of one file before it has an owner.</summary>
public sealed record ReceivedFile(string Sha256, long Size, string Type, string Name, int? Width, int? Height);

/// <param name="Attachment">Null where the quota refuses.</param>
public sealed record AddedUpload(Attachment? Attachment, UploadRefusal Refusal);

/// <summary>
/// The books of attachments, kept in the database of the read tables: uploads, which content is stored, and what
/// refers to it. References of messages come from the projection.
/// </summary>
/// <exception cref="TimeoutException">The database does not answer.</exception>
public interface IUploads
{
    /// <summary>Whether a file of this size would be let in now.</summary>
    Task<UploadRefusal> CheckAsync(UserId owner, long size, UploadQuota quota, CancellationToken cancel);

    /// <summary>Counts the file and refers to its content, before the content is stored: nobody deletes it from here on.</summary>
    Task<AddedUpload> AddAsync(UserId owner, ReceivedFile file, UploadQuota quota, CancellationToken cancel);

    /// <summary>The content could not be stored, or nobody waits for it.</summary>
    Task RemoveAsync(AttachmentId id, CancellationToken cancel);

    Task<Upload?> FindAsync(AttachmentId id, CancellationToken cancel);

    /// <summary>Null where no message is known to have it.</summary>
    Task<AttachmentPlace?> PlaceAsync(AttachmentId id, CancellationToken cancel);

    /// <summary>
    /// Takes these uploads for one message: no other can have them. Those that are not the owner's, are over or taken
    /// are left out.
    /// </summary>
    Task<IReadOnlyList<Attachment>> ClaimAsync(
        UserId owner,
        IReadOnlyList<AttachmentId> ids,
        ChatId chat,
        ClientMessageId cid,
        CancellationToken cancel
    );

    /// <summary>The message was refused: its uploads are free again.</summary>
    Task ReleaseAsync(
        UserId owner,
        IReadOnlyList<AttachmentId> ids,
        ChatId chat,
        ClientMessageId cid,
        CancellationToken cancel
    );
}
