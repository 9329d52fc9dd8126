using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>A stream whose first element was waited for: what goes wrong before it can be mended by asking otherwise.</summary>
internal sealed class PeekedUpdates(IAsyncEnumerator<ChatResponseUpdate> updates) : IAsyncEnumerator<ChatResponseUpdate>
{
    private bool? _first;

    public ChatResponseUpdate Current => updates.Current;

    public async Task PeekAsync() => _first = await updates.MoveNextAsync();

    public ValueTask<bool> MoveNextAsync()
    {
        if (_first is not { } first)
            return updates.MoveNextAsync();
        _first = null;
        return ValueTask.FromResult(first);
    }

    public ValueTask DisposeAsync() => updates.DisposeAsync();
}
