namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>The states of chats that had to leave their place in the cache: bounded in bytes, the longest unused goes first.</summary>
public sealed class PrefixStore(long maxBytes)
{
    private sealed record Saved(int[] Tokens, byte[] State, long Used);

    private readonly Dictionary<string, Saved> _saved = [];
    private long _used;

    public long Bytes { get; private set; }

    public int Count => _saved.Count;

    public void Put(string key, int[] tokens, byte[] state)
    {
        Remove(key);
        if (state.Length > maxBytes)
            return;
        while (Bytes + state.Length > maxBytes)
            Remove(_saved.MinBy(s => s.Value.Used).Key);
        _saved[key] = new Saved(tokens, state, ++_used);
        Bytes += state.Length;
    }

    /// <summary>The tokens that the chat's saved state holds; none where there is no state.</summary>
    public ReadOnlySpan<int> TokensOf(string key) => _saved.TryGetValue(key, out var saved) ? saved.Tokens : [];

    /// <summary>Hands the state out and forgets it.</summary>
    public (int[] Tokens, byte[] State)? Take(string key)
    {
        if (!_saved.TryGetValue(key, out var saved))
            return null;
        Remove(key);
        return (saved.Tokens, saved.State);
    }

    public void Remove(string key)
    {
        if (_saved.Remove(key, out var saved))
            Bytes -= saved.State.Length;
    }
}
