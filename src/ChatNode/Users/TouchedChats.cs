using ChatAi.Shared.Domain;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Users;

/// <summary>The chats of a user that changed lately: what the read table may not show yet. Bounded; the oldest go first.</summary>
public sealed class TouchedChats
{
    public const int Capacity = 64;

    private readonly Dictionary<ChatId, LinkedListNode<ChatTouch>> _byChat = [];
    private readonly LinkedList<ChatTouch> _byAge = new();

    /// <summary>Newest last.</summary>
    public IReadOnlyList<ChatTouch> All => [.. _byAge];

    public void Add(ChatTouch touch)
    {
        if (_byChat.TryGetValue(touch.Chat, out var known))
        {
            if (known.Value.Version > touch.Version)
                return;
            known.Value = touch;
            _byAge.Remove(known);
            _byAge.AddLast(known);
            return;
        }
        _byChat[touch.Chat] = _byAge.AddLast(touch);
        if (_byChat.Count <= Capacity)
            return;
        _byChat.Remove(_byAge.First!.Value.Chat);
        _byAge.RemoveFirst();
    }
}
