using System.Runtime.CompilerServices;
using System.Text;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;
using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai.Providers;

/// <param name="ContextTokens">Prompt and answer together.</param>
/// <param name="AnswerTokens">Of those, at most so many for the answer.</param>
/// <param name="AtOnce">As <see cref="IAssistant.AtOnce"/>.</param>
/// <param name="ModelSha256">Of the model's file, where it is one of this machine.</param>
public sealed record ChatClientSettings(
    string Name,
    string Model,
    int ContextTokens,
    int AnswerTokens,
    string? ModelSha256 = null,
    int AtOnce = 0
)
{
    /// <summary>What may be linked to in answers.</summary>
    public LinkGuard Links { get; init; } = LinkGuard.Strict;

    public static int AnswerTokensOf(int contextTokens) => Math.Min(1_024, contextTokens / 4);
}

/// <summary>
/// A chat model behind Microsoft.Extensions.AI. What it streams is shown as it comes; what stays is what the citation
/// checks leave of it. An answer that is cut, empty or broken is a failure.
/// </summary>
public sealed class ChatClientProvider(IChatClient client, ChatClientSettings settings) : IAssistant, IDisposable
{
    public string Name => settings.Name;

    public int ReplyLines => PromptBuilder.LinesWanted;

    public int AtOnce => settings.AtOnce;

    public async IAsyncEnumerable<AssistantChunk> AnswerAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var (prompt, updates) = await OpenAsync(request, cancel);
        var text = new StringBuilder();
        var shown = new LinkStream(settings.Links, [.. request.Lines.Select(line => line.Text)]);
        var usage = new UsageDetails();
        ChatFinishReason? finish = null;
        string? model = null;
        await using (updates)
            while (await updates.MoveNextAsync())
            {
                var update = updates.Current;
                finish ??= update.FinishReason;
                model ??= update.ModelId;
                foreach (var used in update.Contents.OfType<UsageContent>())
                    usage.Add(used.Details);
                text.Append(update.Text);
                yield return new AssistantChunk(shown.Take(update.Text));
            }
        yield return new AssistantChunk(shown.Flush());
        AssistantMetrics.Tokens(Name, usage);
        if (finish is null)
            throw new InvalidDataException("The answer ended without its end.");
        if (finish != ChatFinishReason.Stop)
            throw new AssistantException($"The answer was cut off ({finish.Value.Value}).");
        var end =
            Checked(request, prompt.Version, text.ToString(), out var fault)
            ?? throw new AssistantException($"The answer is not usable ({fault}).");
        yield return new AssistantChunk(
            "",
            end with
            {
                Model = model ?? settings.Model,
                TokensIn = (int)(usage.InputTokenCount ?? 0),
                TokensOut = (int)(usage.OutputTokenCount ?? 0),
                TokensCached = (int?)usage.CachedInputTokenCount,
            }
        );
    }

    public AssistantEnd? EndOf(AssistantRequest request, string text) =>
        Checked(request, PromptBuilder.Version, text, out _);

    public void Forget(ChatId chat) => client.GetService<InferenceScheduler>()?.Forget(chat.ToString());

    public void Dispose() => client.Dispose();

    /// <summary>The budget is kept by an estimate; a local model counts, and where the estimate was too low it is asked for less.</summary>
    private async Task<(BuiltPrompt Prompt, IAsyncEnumerator<ChatResponseUpdate> Updates)> OpenAsync(
        AssistantRequest request,
        CancellationToken cancel
    )
    {
        var budget = settings.ContextTokens - settings.AnswerTokens;
        for (var tries = 1; ; tries++)
        {
            var prompt = PromptOf(request, budget);
            var messages = prompt.Messages.Select(m => new ChatMessage(
                m.Role == PromptRole.System ? ChatRole.System : ChatRole.User,
                m.Content
            ));
            var updates = client
                .GetStreamingResponseAsync(messages, OptionsOf(request), cancel)
                .GetAsyncEnumerator(cancel);
            var peeked = new PeekedUpdates(updates);
            try
            {
                await peeked.PeekAsync();
                return (prompt, peeked);
            }
            catch (PromptTooLongException tooLong) when (tries < 4)
            {
                await peeked.DisposeAsync();
                budget = (int)(0.9 * budget * tooLong.Limit / tooLong.Tokens);
            }
        }
    }

    private long? SeedOf(AssistantRequest request) =>
        settings.ModelSha256 is null ? null : BitConverter.ToInt64(request.Run.Value.ToByteArray(), 8);

    private ChatOptions OptionsOf(AssistantRequest request)
    {
        var options = new ChatOptions { MaxOutputTokens = settings.AnswerTokens };
        if (settings.ModelSha256 is null)
            return options;
        // Only a model of this machine: other servers need not know these settings.
        options.Temperature = request.IsAgain ? 0.7f : 0;
        options.Seed = SeedOf(request);
        options.AdditionalProperties = new AdditionalPropertiesDictionary
        {
            [LlamaChatClient.ChatProperty] = request.Chat.ToString(),
            [LlamaChatClient.ClassProperty] =
                request.Kind == AiRunKind.CatchUp ? GenerationClass.CatchUp : GenerationClass.Asked,
        };
        return options;
    }

    private BuiltPrompt PromptOf(AssistantRequest request, int budget) =>
        PromptBuilder.Build(
            new PromptRequest(
                request.Kind,
                request.AskerName,
                request.Prompt,
                request.Lines,
                request.RollingSummary,
                budget
            )
        );

    private AssistantEnd? Checked(AssistantRequest request, string promptVersion, string text, out AnswerFault fault)
    {
        var policy = request.Kind == AiRunKind.Reply ? CheckPolicy.Reply : CheckPolicy.Summary;
        var answer = CitationCheck.Check(text, request.Lines, policy, request.RollingSummary);
        fault = answer.Fault;
        var cited = answer.Cites.ToHashSet();
        var sources = request.Lines.Where(line => cited.Contains(line.Seq)).Select(line => line.Text).ToList();
        return fault == AnswerFault.None
            ? new AssistantEnd(
                settings.Links.Clean(answer.Text, sources),
                answer.Cites,
                Name,
                settings.Model,
                settings.ModelSha256,
                promptVersion,
                0,
                0
            )
            {
                Seed = SeedOf(request),
            }
            : null;
    }
}
