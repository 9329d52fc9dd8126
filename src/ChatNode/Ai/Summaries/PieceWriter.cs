using System.Text;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Pieces;
using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai.Summaries;

/// <summary>Asks a model for the pieces of one summary, one after the other, and checks each.</summary>
internal sealed class PieceWriter(
    IChatClient client,
    ChatClientSettings settings,
    AssistantRequest request,
    ISupportChecker checker
)
{
    /// <summary>Pieces in a row that were of no use.</summary>
    public int Failures { get; private set; }
    public int TokensIn { get; private set; }
    public int TokensOut { get; private set; }

    /// <summary>Null as long as nobody said.</summary>
    public int? TokensCached { get; private set; }
    public int Asked { get; private set; }
    public int Kept { get; private set; }
    public string? Model { get; private set; }

    private bool _hasAnswered;

    public async Task<PartWords> WriteAsync(SummaryPart part, CancellationToken cancel)
    {
        // One short message needs neither.
        if (part.Chosen.Count < 2)
            return PartWords.None;
        var title = await AskAsync(PieceKind.Title, part, cancel) is { } t ? Judge(PieceCheck.Title(t, part)) : null;
        var sentence = await AskAsync(PieceKind.Sentence, part, cancel) is { } s
            ? Judge(PieceCheck.Sentence(s, part, request.Lines, checker))
            : null;
        return new PartWords(title, sentence?.Sentence, sentence?.Cites ?? []);

        T? Judge<T>((T? Piece, PieceFault Fault) judged)
            where T : class
        {
            AssistantMetrics.Piece(judged.Fault);
            Failures = judged.Fault == PieceFault.None ? 0 : Failures + 1;
            Kept += judged.Fault == PieceFault.None ? 1 : 0;
            return judged.Piece;
        }
    }

    /// <summary>Null: the model failed at this piece.</summary>
    private async Task<string?> AskAsync(PieceKind kind, SummaryPart part, CancellationToken cancel)
    {
        Asked++;
        try
        {
            var answer = await AnswerAsync(kind, part, cancel);
            _hasAnswered = true;
            return answer;
        }
        // A model that says nothing at all is the run's failure; one that fails later costs one piece.
        catch (Exception e) when (_hasAnswered && e is not OperationCanceledException)
        {
            Failures++;
            return null;
        }
    }

    private async Task<string> AnswerAsync(PieceKind kind, SummaryPart part, CancellationToken cancel)
    {
        var options = new ChatOptions { MaxOutputTokens = PiecePrompt.MaxTokens(kind), Temperature = 0 };
        if (settings.ModelSha256 is not null)
        {
            options.StopSequences = ["\n"];
            options.AdditionalProperties = new AdditionalPropertiesDictionary
            {
                // A place of its own: what the chat's replies keep stays there.
                [LlamaChatClient.ChatProperty] = KeyOf(request.Chat),
                [LlamaChatClient.ClassProperty] =
                    request.Kind == AiRunKind.CatchUp ? GenerationClass.CatchUp : GenerationClass.Asked,
            };
        }

        var messages = PiecePrompt
            .Build(kind, part)
            .Select(m => new ChatMessage(m.Role == PromptRole.System ? ChatRole.System : ChatRole.User, m.Content));
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        await foreach (var update in client.GetStreamingResponseAsync(messages, options, cancel))
        {
            finish ??= update.FinishReason;
            Model ??= update.ModelId;
            foreach (var used in update.Contents.OfType<UsageContent>())
            {
                AssistantMetrics.Tokens(settings.Name, used.Details);
                TokensIn += (int)(used.Details.InputTokenCount ?? 0);
                TokensOut += (int)(used.Details.OutputTokenCount ?? 0);
                if (used.Details.CachedInputTokenCount is { } cached)
                    TokensCached = (TokensCached ?? 0) + (int)cached;
            }

            text.Append(update.Text);
        }

        return finish == ChatFinishReason.Stop
            ? text.ToString()
            // Cut: what is there is no whole piece.
            : "";
    }

    public static string KeyOf(ChatId chat) => $"{chat}/pieces";
}
