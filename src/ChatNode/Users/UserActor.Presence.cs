using Akka.Actor;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Users;

/// <summary>
/// Who is told when the user comes and goes. Both sides hold to both choices: the watched user tells nobody who may not
/// see, and the watching one takes no news that came on its way before a choice was made.
/// </summary>
public sealed partial class UserActor
{
    private const int MaxWatchers = 1_000;

    /// <summary>And whether they are a contact.</summary>
    private readonly Dictionary<UserId, bool> _watchers = [];

    /// <summary>Asked about since this choice was made; counts only while it hides something.</summary>
    private readonly HashSet<UserId> _watching = [];

    private void BeginWatching(UserProtocol.BeginWatching begin)
    {
        if (_state.LastSeen != LastSeen.Nobody && _watching.Count < MaxWatchers)
            _watching.UnionWith(begin.Targets);
        Sender.Tell(
            new UserProtocol.Watching(
                begin.Correlation,
                _state.LastSeen,
                [.. begin.Targets.Where(_state.DirectChats.ContainsKey)]
            )
        );
    }

    private void TellPresence(UserProtocol.GetPresence asked)
    {
        var isContact = asked.WatcherKnows || _state.DirectChats.ContainsKey(asked.Watcher);
        var maySee =
            asked.Watcher == _user
            || (
                !_state.Blocked.ContainsKey(asked.Watcher)
                && LastSeenRules.MaySee(asked.WatcherShows, _state.LastSeen, isContact)
            );
        if (!maySee)
        {
            Sender.Tell(new UserProtocol.Presence(asked.Correlation, _user, false, null));
            return;
        }
        if (asked.Watcher != _user && _state.Exists && _watchers.Count < MaxWatchers)
            _watchers[asked.Watcher] = isContact;
        var online = _sessions.Count > 0;
        Sender.Tell(new UserProtocol.Presence(asked.Correlation, _user, online, online ? null : _state.LastActiveAt));
    }

    private bool MayHearOf(UserId user) =>
        _sessions.Count > 0
        && (_state.LastSeen == LastSeen.Everyone || (_state.LastSeen == LastSeen.Contacts && _watching.Contains(user)));

    // Who could see until now is told what everyone is told who may not: not here, nobody knows since when.
    private void ChangePrivacy(LastSeen choice)
    {
        var hidden = _watchers.Where(w => !choice.Shows(w.Value)).Select(w => w.Key).ToList();
        foreach (var watcher in hidden)
        {
            _watchers.Remove(watcher);
            _with
                .Users()
                .Tell(new UserProtocol.Deliver(watcher, new Delivery(new Notices.Presence(_user, false, null))));
        }
        _watching.Clear();
    }

    private void TellWatchers(INotice notice)
    {
        if (_watchers.Count == 0)
            return;
        var delivery = new Delivery(notice);
        foreach (var watcher in _watchers.Keys)
            _with.Users().Tell(new UserProtocol.Deliver(watcher, delivery));
    }
}
