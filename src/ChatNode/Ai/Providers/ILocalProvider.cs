using ChatAi.ChatNode.Ai.Models;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>Port to the engine in this process.</summary>
public interface ILocalProvider
{
    /// <summary>A provider that answers with this model; null, with one line why, where the engine cannot be had.</summary>
    IAssistant? TryOpen(ModelFile model, out string? whyNot);
}
