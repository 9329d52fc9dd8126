using System.Runtime.CompilerServices;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>
/// An assistant whose model is still being loaded: no run is to be begun before it is <see cref="Ready"/>. Where the model does
/// not load, quotes answer in its place.
/// </summary>
public sealed class LoadingAssistant : IAssistant, IDisposable
{
    private readonly Task<IAssistant> _load;
    private readonly int _replyLines;
    private readonly Action _stop;
    private volatile IAssistant? _loaded;

    /// <param name="name">Of the provider.</param>
    /// <param name="atOnce">As <see cref="IAssistant.AtOnce"/>.</param>
    /// <param name="replyLines">As <see cref="IAssistant.ReplyLines"/>, as long as it is not known better.</param>
    /// <param name="load">Completes with the assistant that answers; must not fail.</param>
    /// <param name="stop">Breaks the load off, or frees what was loaded.</param>
    public LoadingAssistant(string name, int atOnce, int replyLines, Task<IAssistant> load, Action stop)
    {
        Name = name;
        AtOnce = atOnce;
        _replyLines = replyLines;
        _load = KeepAsync(load);
        _stop = stop;
    }

    public Task Ready => _load;

    public string Name { get; }

    public int AtOnce { get; }

    public int ReplyLines => _loaded?.ReplyLines ?? _replyLines;

    public async IAsyncEnumerable<AssistantChunk> AnswerAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var assistant = await _load.WaitAsync(cancel);
        await foreach (var chunk in assistant.AnswerAsync(request, cancel))
            yield return chunk;
    }

    public AssistantEnd? EndOf(AssistantRequest request, string text) => _loaded?.EndOf(request, text);

    public void Forget(ChatId chat) => _loaded?.Forget(chat);

    public void Dispose() => _stop();

    private async Task<IAssistant> KeepAsync(Task<IAssistant> load) => _loaded = await load;
}
