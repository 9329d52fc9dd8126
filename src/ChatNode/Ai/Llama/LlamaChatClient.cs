using System.Runtime.CompilerServices;
using ChatAi.ChatNode.Ai.Engine;
using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai.Llama;

/// <summary>
/// The model in this process behind Microsoft.Extensions.AI, with its own chat template. <c>MaxOutputTokens</c>, <c>Seed</c>,
/// <c>Temperature</c> and <c>StopSequences</c> of the options count, and two properties of its own.
/// </summary>
public sealed class LlamaChatClient(InferenceScheduler scheduler) : IChatClient
{
    /// <summary>Additional property (string): the chat whose beginning is kept in the cache.</summary>
    public const string ChatProperty = "chat";

    /// <summary>Additional property (<see cref="GenerationClass"/>): who is served first.</summary>
    public const string ClassProperty = "class";

    /// <summary>The finish reason of an answer that went round in a circle.</summary>
    public static readonly ChatFinishReason Loop = new("loop");

    private const int DefaultOutputTokens = 512;

    // Turns of the common templates, should a model write one as plain text.
    private static readonly string[] Turns =
    [
        "<|im_start|>",
        "<|im_end|>",
        "<|eot_id|>",
        "<|start_header_id|>",
        "[INST]",
    ];

    public EngineModel Model => scheduler.Model;

    /// <inheritdoc cref="InferenceScheduler.GenerateAsync"/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (var piece in scheduler.GenerateAsync(RequestOf(messages, options), cancellationToken))
        {
            if (piece.Text.Length > 0)
                yield return Update(new TextContent(piece.Text));
            if (piece.Result is { } result)
            {
                var last = Update(new UsageContent(UsageOf(result)));
                last.FinishReason = ReasonOf(result.Finish);
                yield return last;
            }
        }
    }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this
        : serviceKey is null && serviceType == typeof(InferenceScheduler) ? scheduler
        : null;

    public void Dispose() => scheduler.Dispose();

    private static GenerationRequest RequestOf(IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        new(
            Property<string>(options, ChatProperty) ?? "",
            [.. messages.Select(m => new TemplateMessage(m.Role.Value, m.Text))],
            Property<GenerationClass?>(options, ClassProperty) ?? GenerationClass.Asked,
            new GenerationOptions(
                options?.MaxOutputTokens ?? DefaultOutputTokens,
                options?.Seed ?? 0,
                options?.Temperature ?? 0,
                [.. Turns, .. options?.StopSequences ?? []]
            )
        );

    private static T? Property<T>(ChatOptions? options, string name) =>
        options?.AdditionalProperties?.GetValueOrDefault(name) is T value ? value : default;

    private ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content]) { ModelId = Model.Name };

    private static UsageDetails UsageOf(GenerationResult result) =>
        new()
        {
            InputTokenCount = result.PromptTokens,
            CachedInputTokenCount = result.CachedTokens,
            OutputTokenCount = result.OutputTokens,
            TotalTokenCount = result.PromptTokens + result.OutputTokens,
        };

    private static ChatFinishReason ReasonOf(GenerationFinish finish) =>
        finish switch
        {
            GenerationFinish.Stop => ChatFinishReason.Stop,
            GenerationFinish.Length => ChatFinishReason.Length,
            _ => Loop,
        };
}
