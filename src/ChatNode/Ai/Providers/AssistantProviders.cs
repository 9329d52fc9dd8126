using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Providers;

public static class AssistantProviders
{
    /// <exception cref="InvalidOperationException">The settings do not make a provider; the text says in one line why.</exception>
    public static IAssistant Create(ChatAiOptions.AiOptions ai, TimeProvider time) =>
        ai.Provider switch
        {
            "extractive" => new ExtractiveProvider(),
            "none" => new NoAssistant(),
            _ => throw new InvalidOperationException($"ChatAi:Ai:Provider '{ai.Provider}' is not known."),
        };

    /// <summary>What answers where the provider fails: quotes, unless it is the one that failed or none is wanted.</summary>
    public static IAssistant? FallbackOf(IAssistant assistant) =>
        assistant is ExtractiveProvider or NoAssistant ? null : new ExtractiveProvider();
}
