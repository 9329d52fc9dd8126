using Akka.Actor;
using Akka.Hosting;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Push;

/// <summary>What only the user's entity knows: sessions and blocks.</summary>
public interface IPushReach
{
    /// <summary>Null where it cannot be told for now.</summary>
    Task<Reach?> AskAsync(UserId user, UserId? sender, CancellationToken cancel);

    /// <summary>Null where there is no such user, or it cannot be told for now.</summary>
    Task<string?> NameAsync(UserId user, CancellationToken cancel);
}

public sealed class EntityReach(IRequiredActor<UserRegion> users) : IPushReach
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<Reach?> AskAsync(UserId user, UserId? sender, CancellationToken cancel)
    {
        // Asking as the user itself: nobody watches, and no block hides the answer.
        var online = await QueryAsync(new UserProtocol.GetPresence(user, user, 0), cancel);
        var profile = await QueryAsync(new UserProtocol.GetProfile(user, 0) { For = sender }, cancel);
        return (online, profile) switch
        {
            (UserProtocol.Presence presence, UserProtocol.Profile found) => new Reach(presence.Online, found.Blocks),
            _ => null,
        };
    }

    public async Task<string?> NameAsync(UserId user, CancellationToken cancel) =>
        user.IsAssistant ? UserId.AssistantName
        : await QueryAsync(new UserProtocol.GetProfile(user, 0), cancel) is UserProtocol.Profile found
            ? found.DisplayName
        : null;

    private async Task<object?> QueryAsync(IToUser question, CancellationToken cancel)
    {
        try
        {
            return await users.ActorRef.Ask<object>(question, Patience, cancel);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
