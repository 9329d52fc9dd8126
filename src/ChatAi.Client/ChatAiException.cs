namespace ChatAi.Client;

/// <summary>
/// A refusal. <see cref="Code"/> is one of the protocol's, or one of the client's own: <c>disconnected</c>,
/// <c>no_answer</c>, <c>outbox_full</c>, <c>signed_out</c>.
/// </summary>
public sealed class ChatAiException(string code, string? message, bool retry = false, TimeSpan? after = null)
    : Exception($"{code}: {message}")
{
    public string Code { get; } = code;

    /// <summary>The same request may work later.</summary>
    public bool Retry { get; } = retry;

    /// <summary>How long the server asks to wait before.</summary>
    public TimeSpan? After { get; } = after;

    internal static ChatAiException Disconnected() => new("disconnected", "Not connected.", retry: true);
}
