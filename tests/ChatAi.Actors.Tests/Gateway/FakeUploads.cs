using System.Collections.Concurrent;
using ChatAi.ChatNode.Attachments;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.Actors.Tests.Gateway;

/// <summary>Uploads in memory, and what was done with them.</summary>
internal sealed class FakeUploads : IUploads
{
    public ConcurrentDictionary<AttachmentId, Attachment> Known { get; } = new();

    public ConcurrentBag<AttachmentId> Released { get; } = [];

    public Task<IReadOnlyList<Attachment>> ClaimAsync(
        UserId owner,
        IReadOnlyList<AttachmentId> ids,
        ChatId chat,
        ClientMessageId cid,
        CancellationToken cancel
    ) =>
        Task.FromResult<IReadOnlyList<Attachment>>([
            .. ids.Select(id => Known.GetValueOrDefault(id)).OfType<Attachment>(),
        ]);

    public Task ReleaseAsync(
        UserId owner,
        IReadOnlyList<AttachmentId> ids,
        ChatId chat,
        ClientMessageId cid,
        CancellationToken cancel
    )
    {
        foreach (var id in ids)
            Released.Add(id);
        return Task.CompletedTask;
    }

    public Task<UploadRefusal> CheckAsync(UserId owner, long size, UploadQuota quota, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task<AddedUpload> AddAsync(UserId owner, ReceivedFile file, UploadQuota quota, CancellationToken cancel) =>
        throw new NotSupportedException();

    public Task RemoveAsync(AttachmentId id, CancellationToken cancel) => throw new NotSupportedException();

    public Task<Upload?> FindAsync(AttachmentId id, CancellationToken cancel) => throw new NotSupportedException();

    public Task<AttachmentPlace?> PlaceAsync(AttachmentId id, CancellationToken cancel) =>
        throw new NotSupportedException();
}
