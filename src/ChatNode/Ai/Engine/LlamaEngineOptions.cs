namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>How a model is loaded.</summary>
public sealed record LlamaEngineOptions
{
    /// <summary>A GGUF file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The folder of the llama.cpp libraries; null: <c>llama/</c> beside the program.</summary>
    public string? LibraryFolder { get; init; }

    /// <summary>Conversations held in the cache at once, 1 to 256.</summary>
    public int Sequences { get; init; } = 4;

    /// <summary>Tokens for each of them; no more than the model was trained with.</summary>
    public int ContextTokens { get; init; } = 4096;

    /// <summary>Tokens computed in one step at most.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>Breaks the loading off.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>0: chosen by <see cref="ThreadsFor"/>, which is also the ceiling.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// One on up to two cores, else no more than half of them: the library's threads wait for each other by spinning, so
    /// that one too many makes all of them many times slower and starves the rest of the program.
    /// </summary>
    public static int ThreadsFor(int wanted, int cores)
    {
        var most = Math.Max(1, cores / 2);
        return wanted <= 0 ? most : Math.Min(wanted, most);
    }
}
