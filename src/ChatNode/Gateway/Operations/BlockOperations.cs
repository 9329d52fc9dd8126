using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <param name="Blocked">Newest first.</param>
public sealed record BlockedPeople(IReadOnlyList<UserEvents.UserBlocked> Blocked);

/// <param name="Since">Null where the person is not blocked.</param>
public sealed record BlockState(UserId User, DateTimeOffset? Since);

/// <summary>
/// Whom a person blocks. The user's entity decides; their 1:1 chat, where there is one, is told at once, so that a
/// message needs no question to anybody. Doing it again repairs what was cut off in between.
/// </summary>
public sealed class BlockOperations(Asking asking)
{
    public async Task<Outcome<BlockedPeople>> ListAsync(UserId by)
    {
        var list = await asking.ReadUserAsync<UserProtocol.BlockList>(new UserProtocol.GetBlocks(by, 0));
        return list.IsOk ? new BlockedPeople(list.Value.Blocked) : list.Rejection;
    }

    public async Task<Outcome<BlockState>> GetAsync(UserId by, UserId user) =>
        await CheckAsync(by, user) is { } refused ? refused : await StateAsync(by, user);

    public async Task<Outcome<BlockState>> SetAsync(UserId by, UserId user, bool blocked)
    {
        if (await CheckAsync(by, user) is { } refused)
            return refused;
        var command = new UserCommands.SetBlocked(user, blocked);
        var decided = await asking.WriteUserAsync<UserProtocol.Executed>(new UserProtocol.Execute(by, command, 0));
        if (!decided.IsOk)
            return decided.Rejection;
        var found = await asking.ReadUserAsync<UserProtocol.DirectOpened>(DirectChat.Find(by, user, 0));
        if (found.IsOk)
        {
            var told = await asking.ExecuteAsync(found.Value.Chat, new ChatCommands.SetBlock(by, blocked));
            // The chat's id is journaled before the chat is made: it may not be there.
            if (!told.IsOk && told.Rejection.Code != ErrorCode.NotFound)
                return told.Rejection;
        }
        else if (found.Rejection.Code is not (ErrorCode.NotFound or ErrorCode.Forbidden))
            return found.Rejection;
        return await StateAsync(by, user);
    }

    private async Task<Outcome<BlockState>> StateAsync(UserId by, UserId user)
    {
        var list = await ListAsync(by);
        return list.IsOk
            ? new BlockState(user, list.Value.Blocked.FirstOrDefault(b => b.User == user)?.At)
            : list.Rejection;
    }

    private async Task<Rejection?> CheckAsync(UserId by, UserId user)
    {
        if (user == by)
            return new Rejection(ErrorCode.BadRequest, "You cannot block yourself.");
        if (user.IsAssistant)
            return new Rejection(ErrorCode.BadRequest, "The assistant cannot be blocked: switch it off in the chat.");
        var profile = await asking.ReadUserAsync<UserProtocol.Profile>(new UserProtocol.GetProfile(user, 0));
        return profile.IsOk ? null : profile.Rejection;
    }
}
