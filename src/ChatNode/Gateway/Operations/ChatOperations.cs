using ChatAi.ChatNode.Ai.Control;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>
/// What clients may ask for beside the hot path of a socket, the same over HTTP and WebSocket. The entity's memory
/// answers what it can; the read tables complete it. Never throws for what a client can cause.
/// </summary>
public sealed partial class ChatOperations(
    Asking asking,
    IChatReader reader,
    TimeProvider time,
    AiQuotas? quotas = null
)
{
    public const int ChatsDefault = 5;
    public const int ChatsMost = 100;

    /// <summary>An answer is cut after so many characters of texts; <c>has_more</c> then says so.</summary>
    private const int PageChars = 262_144;

    public Task<Outcome<ChatProtocol.Executed>> ExecuteAsync(ChatId chat, IChatCommand command) =>
        asking.ExecuteAsync(chat, command);

    public async Task<Outcome<ChatAnswer.Sent>> SendAsync(ChatId chat, ChatCommands.SendMessage send)
    {
        var executed = await asking.ExecuteAsync(chat, send);
        return executed.IsOk ? (ChatAnswer.Sent)executed.Value.Answer : executed.Rejection;
    }

    /// <summary>Edits, deletions, reactions, membership: what is answered with the number of its event.</summary>
    public async Task<Outcome<NumberedAnswer>> ChangeAsync(ChatId chat, IChatCommand command)
    {
        var executed = await asking.ExecuteAsync(chat, command);
        if (!executed.IsOk)
            return executed.Rejection;
        return new NumberedAnswer(((ChatAnswer.Numbered)executed.Value.Answer).Seq);
    }

    public async Task<Outcome<ChatView>> CreateAsync(
        UserId by,
        ChatType type,
        IReadOnlyList<UserId> members,
        string? title
    )
    {
        var others = members.Where(member => member != by).Distinct().ToList();
        if (type == ChatType.OneToOne && others.Count != 1)
            return new Rejection(ErrorCode.BadRequest, "A 1_to_1 chat has one other member.");
        if (type == ChatType.OneToOne && title is not null)
            return new Rejection(ErrorCode.BadRequest, "A 1_to_1 chat has no title.");
        if (await MissingAsync(others) is { } missing)
            return missing;
        if (type == ChatType.OneToOne)
            return await OpenDirectAsync(by, others[0]);
        var chat = ChatId.New(time.GetUtcNow());
        return ViewOf(await asking.ExecuteAsync(chat, new ChatCommands.CreateChat(by, type, others, title)));
    }

    public async Task<Outcome<ChatView>> OpenDirectAsync(UserId by, UserId peer)
    {
        var opened = await asking.WriteUserAsync<UserProtocol.DirectOpened>(DirectChat.Open(by, peer, 0));
        return opened.IsOk ? await GetAsync(by, opened.Value.Chat) : opened.Rejection;
    }

    public async Task<Outcome<ChatView>> GetAsync(UserId by, ChatId chat)
    {
        var found = await asking.ReadChatAsync<ChatProtocol.ChatFound>(new ChatProtocol.GetChat(chat, by, true, 0));
        return found.IsOk ? found.Value.View : found.Rejection;
    }

    public async Task<Outcome<ChatView>> SetAsync(ChatId chat, ChatCommands.SetChat command) =>
        ViewOf(await asking.ExecuteAsync(chat, command));

    public async Task<Outcome<NumberedAnswer>> AddMembersAsync(UserId by, ChatId chat, IReadOnlyList<UserId> users)
    {
        if (await MissingAsync(users) is { } missing)
            return missing;
        return await ChangeAsync(chat, new ChatCommands.AddMembers(by, users));
    }

    private static Outcome<ChatView> ViewOf(Outcome<ChatProtocol.Executed> executed) =>
        !executed.IsOk ? executed.Rejection
        : executed.Value.View is { } view ? view
        : new Rejection(ErrorCode.NotFound, "There is no such chat.");

    /// <summary>Null when all of these users exist. The read table may lag behind, so the last word is the user's own.</summary>
    private async Task<Rejection?> MissingAsync(IReadOnlyList<UserId> users)
    {
        var people = users.Where(user => !user.IsAssistant).ToHashSet();
        if (people.Count == 0)
            return null;
        var known = await reader.NamesAsync(people, CancellationToken.None);
        foreach (var user in people.Where(user => !known.ContainsKey(user)))
        {
            var profile = await asking.ReadUserAsync<UserProtocol.Profile>(new UserProtocol.GetProfile(user, 0));
            if (!profile.IsOk)
                return profile.Rejection.Code == ErrorCode.NotFound
                    ? new Rejection(ErrorCode.NotFound, $"There is no user {user}.")
                    : profile.Rejection;
        }
        return null;
    }
}
