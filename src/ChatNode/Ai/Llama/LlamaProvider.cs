using ChatAi.ChatNode.Ai.Engine;
using ChatAi.ChatNode.Ai.Models;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Ai.Summaries;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;
using ChatAi.Shared.Domain.Ai.Pieces;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>Answers with a model file of this machine, in this process. The model is loaded behind everything else.</summary>
public sealed class LlamaProvider(ChatAiOptions.AiOptions ai, TimeProvider time, ILogger log) : ILocalProvider
{
    private const int DefaultSequences = 4;

    // Long enough for a processor to be busy, short enough for a new request to join soon.
    private const int BatchTokens = 128;

    public IAssistant? TryOpen(ModelFile model, out string? whyNot)
    {
        if (!LlamaEngines.Available(out whyNot))
            return null;
        var sequences = ai.Sequences ?? DefaultSequences;
        var stop = new CancellationTokenSource();
        var options = new LlamaEngineOptions
        {
            ModelPath = model.Path,
            Sequences = sequences,
            ContextTokens = ai.ContextTokens,
            BatchTokens = Math.Max(BatchTokens, sequences),
            Stop = stop.Token,
        };
        var scheduler = new InferenceScheduler(() => LlamaEngines.Open(options), new SchedulerSettings(), time);
        return new LoadingAssistant(
            "llama",
            sequences,
            PromptBuilder.LinesWanted,
            LoadAsync(scheduler, options),
            () =>
            {
                stop.Cancel();
                scheduler.Dispose();
                stop.Dispose();
            }
        );
    }

    private async Task<IAssistant> LoadAsync(InferenceScheduler scheduler, LlamaEngineOptions options)
    {
        var since = time.GetTimestamp();
        var name = Path.GetFileName(options.ModelPath);
        try
        {
            var loaded = await scheduler.Loaded;
            log.LogInformation("The model {Model} is loaded: {Seconds:F1} s", name, Seconds());
            return Over(scheduler, loaded);
        }
#pragma warning disable CA1031 // Whatever is wrong with a model, the assistant quotes instead.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!options.Stop.IsCancellationRequested)
                log.LogWarning(
                    "The model {Model} cannot be used, quotes answer: {Why} ({Seconds:F1} s)",
                    name,
                    e.Message,
                    Seconds()
                );
            return new ExtractiveProvider();
        }

        double Seconds() => time.GetElapsedTime(since).TotalSeconds;
    }

    private PiecewiseProvider Over(InferenceScheduler scheduler, EngineModel loaded)
    {
        var client = new LlamaChatClient(scheduler);
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
