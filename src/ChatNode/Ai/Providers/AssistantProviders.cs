using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Providers;

public static class AssistantProviders
{
    public static IAssistant Create(ChatAiOptions.AiOptions ai) =>
        ai.Provider switch
        {
            "extractive" => new ExtractiveProvider(),
            "openai" => OpenAiProvider.Create(ai),
            "none" => new NoAssistant(),
            _ => throw new ConfigurationException($"ChatAi:Ai:Provider '{ai.Provider}' is not known."),
        };

    /// <summary>What answers where the provider fails: quotes, unless it is the one that failed or none is wanted.</summary>
    public static IAssistant? FallbackOf(IAssistant assistant) =>
        assistant is ExtractiveProvider or NoAssistant ? null : new ExtractiveProvider();
}
