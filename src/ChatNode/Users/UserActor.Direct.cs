using Akka.Actor;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Users;

/// <summary>The user's 1:1 chats, and what a block says of them.</summary>
public sealed partial class UserActor
{
    private void OpenDirect(UserProtocol.OpenDirect open)
    {
        var waiter = new DirectChats.Waiter(open.By, open.Correlation, Sender);
        if (open.Peer == _user)
            Refuse(open.Correlation, ErrorCode.BadRequest, "A 1_to_1 chat needs another person.");
        else if (_direct.IsMade(open.Peer))
            Sender.Tell(new UserProtocol.DirectOpened(open.Correlation, _state.DirectChats[open.Peer]));
        else if (!_direct.Join(open.Peer, waiter))
            return;
        else if (!_state.Exists)
            _direct.Failed(_user, open.Peer, new Rejection(ErrorCode.NotFound, "There is no such user."));
        else if (_state.DirectChats.ContainsKey(open.Peer) || open.Peer.IsAssistant)
            RecordDirect(open.Peer);
        else
            _with.Users().Tell(new UserProtocol.GetProfile(open.Peer, _direct.Step(open.Peer)) { For = _user });
    }

    private void FindDirect(UserProtocol.FindDirect find)
    {
        if (_direct.IsBeingMade(find.Peer))
            _direct.Join(find.Peer, new DirectChats.Waiter(find.Peer, find.Correlation, Sender));
        else if (_state.DirectChats.TryGetValue(find.Peer, out var chat))
            Sender.Tell(new UserProtocol.DirectOpened(find.Correlation, chat));
        else
            Refuse(find.Correlation, ErrorCode.NotFound, "There is no chat with this person.");
    }

    // The id is journaled before the chat is made: after a crash in between the same chat is made, and only one.
    private void RecordDirect(UserId peer, bool peerBlocks = false)
    {
        // A chat that is there stays; a new one nobody may begin while one of the two does not want it.
        if (!_state.DirectChats.ContainsKey(peer) && (peerBlocks || _state.Blocked.ContainsKey(peer)))
        {
            _direct.Failed(_user, peer, by => Refusal(by == _user ? _state.Blocked.ContainsKey(peer) : peerBlocks));
            return;
        }
        var decision = UserDecider.Decide(_state, new UserCommands.OpenDirectChat(peer), _with.Time.Now(), NewId);
        if (decision is UserDecision.Refused refused)
        {
            _direct.Failed(_user, peer, refused.Rejection);
            return;
        }
        Write(
            ((UserDecision.Accepted)decision).Events,
            () =>
            {
                var by = _direct.FirstAsker(peer);
                var other = by == _user ? peer : _user;
                var step = _direct.Step(peer);
                _with.Chats().Tell(DirectChats.Create(_state.DirectChats[peer], by, other, step));
            }
        );
    }

    private static Rejection Refusal(bool ownBlock) =>
        new(
            ErrorCode.Forbidden,
            ownBlock ? "You have blocked this person." : "This person does not take messages from you."
        );
}
