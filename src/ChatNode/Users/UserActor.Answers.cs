using Akka.Actor;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Users;

/// <summary>Questions.</summary>
public sealed partial class UserActor
{
    private void Answer(IToUser query)
    {
        switch (query)
        {
            case UserProtocol.GetProfile q when _state.Exists:
                Sender.Tell(
                    new UserProtocol.Profile(
                        _user,
                        q.Correlation,
                        _state.PhoneNumber!,
                        _state.DisplayName,
                        _state.LastActiveAt,
                        [.. _state.Devices.Values]
                    )
                    {
                        LastSeen = _state.LastSeen,
                        Blocks = q.For is { } asker && _state.Blocked.ContainsKey(asker),
                    }
                );
                break;
            case UserProtocol.GetProfile q:
                Refuse(q.Correlation, ErrorCode.NotFound, "There is no such user.");
                break;
            case UserProtocol.CheckAiQuota q:
                if (_state.Ai.Check(_with.Quotas.OfUser, _with.Quotas.TokensOfRun, _with.Time.Now()) is { } exceeded)
                    Refuse(q.Correlation, exceeded.Code, exceeded.Message);
                else
                    Sender.Tell(new UserProtocol.Executed(_user, q.Correlation));
                break;
            case UserProtocol.GetBlocks q:
                Sender.Tell(
                    new UserProtocol.BlockList(
                        q.Correlation,
                        [
                            .. _state
                                .Blocked.OrderByDescending(b => b.Value)
                                .Select(b => new UserEvents.UserBlocked(b.Key, b.Value)),
                        ]
                    )
                );
                break;
            case UserProtocol.BeginWatching begin:
                BeginWatching(begin);
                break;
            case UserProtocol.GetPresence asked:
                TellPresence(asked);
                break;
            case UserProtocol.StopWatching q:
                _watchers.Remove(q.Watcher);
                break;
            case UserProtocol.GetTouched q:
                Sender.Tell(new UserProtocol.Touched(q.Correlation, _touched.All));
                break;
        }
    }
}
