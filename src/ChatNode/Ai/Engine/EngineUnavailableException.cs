namespace ChatAi.ChatNode.Ai.Engine;

/// <summary>There is no local engine, and the message says why in one line.</summary>
public sealed class EngineUnavailableException : Exception
{
    public EngineUnavailableException(string message)
        : base(message) { }

    public EngineUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
