using Akka.Actor;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Users;

/// <summary>
/// Who waits for the 1:1 chat with which peer. Opening goes in steps (is there such a peer? journal the chat's id, make
/// the chat), and everyone who asks meanwhile gets the same answer.
/// </summary>
public sealed class DirectChats
{
    private readonly Dictionary<UserId, List<Waiter>> _waiting = [];
    private readonly Dictionary<long, UserId> _steps = [];
    private readonly HashSet<UserId> _made = [];
    private long _step;

    public sealed record Waiter(UserId By, long Correlation, IActorRef Sender);

    /// <summary>Whether the chat entity is known to exist since this entity came up.</summary>
    public bool IsMade(UserId peer) => _made.Contains(peer);

    public bool IsBeingMade(UserId peer) => _waiting.ContainsKey(peer);

    /// <summary>True when the asker is the first, so that the steps have to begin.</summary>
    public bool Join(UserId peer, Waiter waiter)
    {
        if (_waiting.TryGetValue(peer, out var waiters))
        {
            waiters.Add(waiter);
            return false;
        }
        _waiting[peer] = [waiter];
        return true;
    }

    public UserId FirstAsker(UserId peer) => _waiting[peer][0].By;

    /// <summary>A number for a question to another entity, so that its answer finds back.</summary>
    public long Step(UserId peer)
    {
        _steps[++_step] = peer;
        return _step;
    }

    public UserId? PeerOf(long step) => _steps.Remove(step, out var peer) ? peer : null;

    public void Opened(UserId peer, ChatId chat)
    {
        _made.Add(peer);
        if (_waiting.Remove(peer, out var waiters))
            foreach (var waiter in waiters)
                waiter.Sender.Tell(new UserProtocol.DirectOpened(waiter.Correlation, chat));
    }

    public void Failed(UserId user, UserId peer, Rejection rejection) => Failed(user, peer, _ => rejection);

    /// <param name="reason">What each asker is told.</param>
    public void Failed(UserId user, UserId peer, Func<UserId, Rejection> reason)
    {
        if (_waiting.Remove(peer, out var waiters))
            foreach (var waiter in waiters)
                waiter.Sender.Tell(new UserProtocol.Refused(user, waiter.Correlation, reason(waiter.By)));
    }

    public static ChatProtocol.Execute Create(ChatId chat, UserId by, UserId other, long step) =>
        new(chat, new ChatCommands.CreateChat(by, ChatType.OneToOne, [other], null), step);
}
