using ChatAi.ChatNode.Attachments;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>
/// Files of messages: sending them, and who may have one. A file is seen by whoever sees its message, as the chat's
/// entity says at that moment; before it has one, by who uploaded it.
/// </summary>
public sealed class AttachmentOperations(Asking asking, ChatOperations chats, IUploads uploads, IChatReader reader)
{
    private static readonly Rejection NotFound = new(ErrorCode.NotFound, "There is no such attachment.");

    private static readonly Rejection Lagging = new(
        ErrorCode.Timeout,
        "The read tables are behind the journal; ask again."
    );

    /// <summary>Sends a message that has files.</summary>
    public async Task<Outcome<ChatAnswer.Sent>> SendAsync(ChatId chat, ChatCommands.SendMessage send)
    {
        try
        {
            var ids = send.AttachmentIds;
            var claimed = await uploads.ClaimAsync(send.By, ids, chat, send.Cid, CancellationToken.None);
            var executed = await asking.ExecuteAsync(chat, send with { Attachments = claimed });
            if (executed.IsOk)
                return (ChatAnswer.Sent)executed.Value.Answer;
            // Nothing of this message is or ever was in the chat. Whatever else may come of it keeps its files.
            if (executed.Rejection.Code is ErrorCode.BadRequest or ErrorCode.Forbidden or ErrorCode.TooLarge)
                await uploads.ReleaseAsync(send.By, ids, chat, send.Cid, CancellationToken.None);
            return executed.Rejection;
        }
        catch (TimeoutException)
        {
            return Asking.TimedOut;
        }
    }

    /// <summary>The same to a person, whose 1:1 chat is made when there is none.</summary>
    public async Task<Outcome<(ChatId Chat, ChatAnswer.Sent Sent)>> SendToAsync(
        ChatId? chat,
        UserId? to,
        ChatCommands.SendMessage send
    )
    {
        if (chat is null)
        {
            var opened = await chats.OpenDirectAsync(send.By, to!.Value);
            if (!opened.IsOk)
                return opened.Rejection;
            chat = opened.Value.Id;
        }
        var sent = await SendAsync(chat.Value, send);
        return sent.IsOk ? (chat.Value, sent.Value) : sent.Rejection;
    }

    /// <summary>The file, if the caller may have it now.</summary>
    public async Task<Outcome<Attachment>> FindAsync(UserId by, AttachmentId id, CancellationToken cancel)
    {
        try
        {
            if (await uploads.PlaceAsync(id, cancel) is { } place)
                return await OfMessageAsync(by, place, id);
            if (await uploads.FindAsync(id, cancel) is not { } upload)
                // It may have become a message's in between.
                return await uploads.PlaceAsync(id, cancel) is { } late ? await OfMessageAsync(by, late, id) : NotFound;
            return upload.Chat is { } chat ? await OnItsWayAsync(by, chat, upload, cancel)
                : upload.Owner == by ? upload.Attachment
                : NotFound;
        }
        catch (TimeoutException)
        {
            return Lagging;
        }
    }

    // Named in a message that the tables may not show yet: they come up to what the chat has now.
    private async Task<Outcome<Attachment>> OnItsWayAsync(
        UserId by,
        ChatId chat,
        Upload upload,
        CancellationToken cancel
    )
    {
        var id = upload.Attachment.Id;
        var found = await asking.ReadChatAsync<ChatProtocol.ChatFound>(new ChatProtocol.GetChat(chat, by, false, 0));
        if (!found.IsOk && found.Rejection.Code != ErrorCode.NotFound)
            return found.Rejection;
        if (found.IsOk)
        {
            await reader.MessagesAsync(chat, [found.Value.View.Head], found.Value.View.Version, cancel);
            if (await uploads.PlaceAsync(id, cancel) is { } place)
                return await OfMessageAsync(by, place, id);
        }
        // Claimed, and no message came of it.
        return upload.Owner == by && await uploads.FindAsync(id, cancel) is not null ? upload.Attachment : NotFound;
    }

    private async Task<Outcome<Attachment>> OfMessageAsync(UserId by, AttachmentPlace place, AttachmentId id)
    {
        var page = await chats.HistoryAsync(by, place.Chat, place.Seq + 1, null, 1);
        if (!page.IsOk)
            return page.Rejection.Code == ErrorCode.NotFound ? NotFound : page.Rejection;
        var message = page.Value.Messages.FirstOrDefault(m => m.Seq == place.Seq);
        return message?.Attachments.FirstOrDefault(a => a.Id == id) is { } attachment ? attachment : NotFound;
    }
}
