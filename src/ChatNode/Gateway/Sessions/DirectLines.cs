using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Gateway.Sessions;

/// <summary>
/// Sends by <c>to</c>: the 1:1 chat is looked up once, and what is sent to the same person meanwhile waits behind, so
/// that the order of sending is the order in the chat.
/// </summary>
public sealed class DirectLines
{
    private const int Remembered = 256;

    private readonly Dictionary<UserId, ChatId> _chats = [];
    private readonly Dictionary<UserId, List<Send>> _opening = [];

    public readonly record struct Send(long Correlation, ChatCommands.SendMessage Command);

    public bool TryGet(UserId to, out ChatId chat) => _chats.TryGetValue(to, out chat);

    /// <summary>Puts a send in line. True for the first one: the chat has to be looked up.</summary>
    public bool Wait(UserId to, Send send)
    {
        if (_opening.TryGetValue(to, out var line))
        {
            line.Add(send);
            return false;
        }
        _opening[to] = [send];
        return true;
    }

    /// <summary>What waited, in order; it can be sent now.</summary>
    public IReadOnlyList<Send> Opened(UserId to, ChatId chat)
    {
        if (_chats.Count >= Remembered)
            _chats.Clear();
        _chats[to] = chat;
        return Failed(to);
    }

    /// <summary>What waited, in order; nothing will come of it.</summary>
    public IReadOnlyList<Send> Failed(UserId to) => _opening.Remove(to, out var line) ? line : [];
}
