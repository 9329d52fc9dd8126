using System.Runtime.CompilerServices;
using System.Text;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Checks;
using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai.Providers;

/// <param name="ContextTokens">Prompt and answer together.</param>
/// <param name="AnswerTokens">Of those, at most so many for the answer.</param>
public sealed record ChatClientSettings(string Name, string Model, int ContextTokens, int AnswerTokens)
{
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

    public async IAsyncEnumerable<AssistantChunk> AnswerAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var prompt = PromptOf(request);
        var messages = prompt.Messages.Select(m => new ChatMessage(
            m.Role == PromptRole.System ? ChatRole.System : ChatRole.User,
            m.Content
        ));
        var options = new ChatOptions { MaxOutputTokens = settings.AnswerTokens };
        var text = new StringBuilder();
        var usage = new UsageDetails();
        ChatFinishReason? finish = null;
        string? model = null;
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancel))
        {
            finish ??= update.FinishReason;
            model ??= update.ModelId;
            foreach (var used in update.Contents.OfType<UsageContent>())
                usage.Add(used.Details);
            text.Append(update.Text);
            yield return new AssistantChunk(update.Text);
        }
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
            }
        );
    }

    public AssistantEnd? EndOf(AssistantRequest request, string text) =>
        Checked(request, PromptBuilder.Version, text, out _);

    public void Dispose() => client.Dispose();

    private BuiltPrompt PromptOf(AssistantRequest request) =>
        PromptBuilder.Build(
            new PromptRequest(
                request.Kind,
                request.AskerName,
                request.Prompt,
                request.Lines,
                request.RollingSummary,
                settings.ContextTokens - settings.AnswerTokens
            )
        );

    private AssistantEnd? Checked(AssistantRequest request, string promptVersion, string text, out AnswerFault fault)
    {
        var policy = request.Kind == AiRunKind.Reply ? CheckPolicy.Reply : CheckPolicy.Summary;
        var answer = CitationCheck.Check(text, request.Lines, policy, request.RollingSummary);
        fault = answer.Fault;
        return fault == AnswerFault.None
            ? new AssistantEnd(answer.Text, answer.Cites, Name, settings.Model, null, promptVersion, 0, 0)
            : null;
    }
}
