using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <summary>Who is there, and who may know.</summary>
public sealed partial class ChatOperations
{
    public async Task<Outcome<PresenceList>> PresenceAsync(UserId by, IReadOnlyList<UserId> users)
    {
        var targets = users.Distinct().ToList();
        var begun = await asking.ReadUserAsync<UserProtocol.Watching>(new UserProtocol.BeginWatching(by, targets, 0));
        if (!begun.IsOk)
            return begun.Rejection;
        var watching = begun.Value;
        var asked = targets.Select(user =>
            asking.ReadUserAsync<UserProtocol.Presence>(
                new UserProtocol.GetPresence(user, by, 0)
                {
                    WatcherShows = watching.Shows,
                    WatcherKnows = watching.Knows.Contains(user),
                }
            )
        );
        var answers = await Task.WhenAll(asked);
        // Who cannot be asked just now is left out rather than called offline.
        return new PresenceList([.. answers.Where(answer => answer.IsOk).Select(answer => answer.Value!)]);
    }

    public async Task<Outcome<Privacy>> SetPrivacyAsync(UserId by, LastSeen lastSeen)
    {
        var set = new UserProtocol.Execute(by, new UserCommands.SetPrivacy(lastSeen), 0);
        var done = await asking.WriteUserAsync<UserProtocol.Executed>(set);
        return done.IsOk ? new Privacy(lastSeen) : done.Rejection;
    }
}
