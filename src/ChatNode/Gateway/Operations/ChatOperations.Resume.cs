using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>What a returning client has missed in one chat.</summary>
/// <param name="Head">The last number that the client may see.</param>
/// <param name="Limited">More than is sent: <paramref name="Events"/> is empty and the client pages.</param>
public sealed record ResumedChat(ChatId Chat, long Head, bool Limited, IReadOnlyList<INumberedChatEvent> Events);

public sealed partial class ChatOperations
{
    private const int ResumeAtOnce = 16;

    /// <summary>Texts that one resume sends at most; the chats beyond are <see cref="ResumedChat.Limited"/>.</summary>
    private const int ResumeChars = 1_048_576;

    /// <summary>Chats that do not exist for the caller are left out.</summary>
    public async Task<IReadOnlyList<ResumedChat>> ResumeAsync(UserId by, IReadOnlyDictionary<ChatId, long> marks)
    {
        var resumed = new List<ResumedChat>(marks.Count);
        var chars = 0;
        foreach (var some in marks.Chunk(ResumeAtOnce))
        {
            foreach (var chat in await Task.WhenAll(some.Select(mark => ResumeAsync(by, mark.Key, mark.Value))))
            {
                if (chat is null)
                    continue;
                chars += chat.Events.Sum(CharsOf);
                resumed.Add(chars > ResumeChars && chat.Events.Count > 0 ? Limit(chat) : chat);
            }
        }
        return resumed;
    }

    private async Task<ResumedChat?> ResumeAsync(UserId by, ChatId chat, long after)
    {
        var answer = await asking.ReadChatAsync<ChatProtocol.EventsPage>(
            new ChatProtocol.GetEvents(chat, by, after, Limits.SyncPage, true, 0)
        );
        if (!answer.IsOk)
            return answer.Rejection.Code == ErrorCode.NotFound ? null : new ResumedChat(chat, after, true, []);
        var page = answer.Value;
        if (page is { Events.Count: 0, Rest: null })
            return new ResumedChat(chat, page.Head, page.Head > after, []);
        return await CompleteAsync(page) is { } events
            ? new ResumedChat(chat, page.Head, false, events)
            : new ResumedChat(chat, page.Head, true, []);
    }

    private static ResumedChat Limit(ResumedChat chat) => chat with { Limited = true, Events = [] };
}
