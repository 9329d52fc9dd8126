using ChatAi.ChatNode.Ai.Models;
using ChatAi.ChatNode.Hosting;

namespace ChatAi.ChatNode.Ai.Providers;

/// <summary>The provider that the settings and the machine allow, and one line that says which and why.</summary>
/// <param name="IsWanted">False where the settings name another one than was to be had.</param>
public sealed record ProviderChoice(IAssistant Assistant, string Why, bool IsWanted);

public static class AssistantProviders
{
    /// <param name="local">The engine in this process; null where the build has none.</param>
    public static ProviderChoice Choose(ChatAiOptions options, ILocalProvider? local, TimeProvider time, ILogger log) =>
        options.Ai.Provider switch
        {
            "" or "auto" => Local(options, local, isWanted: true),
            "llama" => Local(options, local, isWanted: false),
            "extractive" => Named(new ExtractiveProvider()),
            "openai" => Named(OpenAiProvider.Create(options.Ai, time, log)),
            "none" => Named(new NoAssistant()),
            var unknown => throw new ConfigurationException($"ChatAi:Ai:Provider '{unknown}' is not known."),
        };

    /// <summary>What answers where the provider fails: quotes, unless it is the one that failed or none is wanted.</summary>
    public static IAssistant? FallbackOf(IAssistant assistant) =>
        assistant is ExtractiveProvider or NoAssistant ? null : new ExtractiveProvider();

    private static ProviderChoice Named(IAssistant assistant) => new(assistant, "set so", true);

    /// <param name="isWanted">Whether quotes are as good, because nobody asked for a model.</param>
    private static ProviderChoice Local(ChatAiOptions options, ILocalProvider? local, bool isWanted)
    {
        var found = ModelLocator.Find(options);
        if (found.File is not { } file)
            return new ProviderChoice(new ExtractiveProvider(), found.Reason, isWanted);
        var whyNot = "this build has no engine";
        return local?.TryOpen(file, out whyNot) is { } model
            ? new ProviderChoice(model, found.Reason, true)
            // A model lies ready: that it cannot be used is worth a warning in any case.
            : new ProviderChoice(new ExtractiveProvider(), $"{found.Reason} cannot be used: {whyNot}", false);
    }
}
