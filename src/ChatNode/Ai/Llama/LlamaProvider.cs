using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Summaries;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain.Ai.Checks;
using ChatAi.Shared.Domain.Ai.Pieces;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>Answers with a model file of this machine, in this process.</summary>
public sealed class LlamaProvider(ChatAiOptions.AiOptions ai, TimeProvider time) : ILocalProvider
{
    private const int DefaultSequences = 4;

    // Long enough for a processor to be busy, short enough for a new request to join soon.
    private const int BatchTokens = 128;

    public IAssistant? TryOpen(ModelFile model, out string? whyNot)
    {
        var sequences = ai.Sequences ?? DefaultSequences;
        var options = new LlamaEngineOptions
        {
            ModelPath = model.Path,
            Sequences = sequences,
            ContextTokens = ai.ContextTokens,
            BatchTokens = Math.Max(BatchTokens, sequences),
        };
        if (LlamaEngines.TryOpen(options, out whyNot) is not { } engine)
            return null;
        var loaded = engine.Model;
        var client = new LlamaChatClient(new InferenceScheduler(engine, new SchedulerSettings(), time));
        var settings = new ChatClientSettings(
            "llama",
            loaded.Name,
            loaded.ContextTokens,
            ChatClientSettings.AnswerTokensOf(loaded.ContextTokens),
            loaded.Sha256,
            loaded.Sequences
        )
        {
            Links = LinkGuard.Of(ai.AllowedLinkHosts),
        };
        return new PiecewiseProvider(
            new ChatClientProvider(client, settings),
            client,
            settings,
            LexicalSupport.Instance
        );
    }
}
