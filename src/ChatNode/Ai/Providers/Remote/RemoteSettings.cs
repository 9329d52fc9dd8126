using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Providers.Remote;

/// <summary>How patient the server is with a model behind HTTP; the defaults are those of production.</summary>
/// <param name="Attempt">From a request to the head of its answer.</param>
/// <param name="NoProgress">The caller gives an answer up that is silent for so long.</param>
public sealed record RemoteSettings(TimeSpan Attempt, TimeSpan NoProgress)
{
    /// <summary>Beside the first try; only as long as no answer has begun.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>First wait, doubled each time and varied by chance.</summary>
    public TimeSpan WaitFirst { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A server that asks for more patience than this (Retry-After) is not waited for.</summary>
    public TimeSpan WaitMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs in a row that failed before no more are sent.</summary>
    public int BreakAfter { get; init; } = 5;

    /// <summary>Until one run may try again.</summary>
    public TimeSpan BreakFor { get; init; } = TimeSpan.FromSeconds(15);

    public int MostBytes { get; init; } = 16 << 20;

    public int MostLineBytes { get; init; } = 1 << 20;

    /// <summary>Two thirds of the silence that is borne: a slow model may read its prompt, and a second try still begins.</summary>
    public static RemoteSettings Of(ChatAiOptions.AiOptions ai)
    {
        var noProgress = TimeSpan.FromSeconds(ai.NoProgressSeconds);
        return new RemoteSettings(noProgress * 2 / 3, noProgress);
    }
}
