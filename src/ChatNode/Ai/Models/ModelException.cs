namespace ChatAi.ChatNode.Ai.Models;

/// <summary>How the command <c>model</c> ends; in docs/local-models.md.</summary>
public enum ModelExit
{
    Done = 0,
    Usage = 2,
    Network = 3,
    Refused = 4,
    WrongHash = 5,
    NotAModel = 6,
    NoRoom = 7,
    Exists = 8,
    Stopped = 130,
}

/// <summary>The command cannot do its work; the message is one line for the operator.</summary>
public sealed class ModelException(ModelExit exit, string message) : Exception(message)
{
    public ModelExit Exit => exit;
}
