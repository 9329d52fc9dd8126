using System.Runtime.CompilerServices;
using ChatAi.ChatNode.Ai.Llama;
using ChatAi.ChatNode.Ai.Providers;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Pieces;
using ChatAi.Shared.Domain.Chats;
using Microsoft.Extensions.AI;

namespace ChatAi.ChatNode.Ai.Summaries;

/// <summary>
/// Summaries and catch-ups of quotes, to which a model adds a title and a sentence a conversation where those pass the
/// checks; replies go to the model as they are. What is streamed of a summary has been checked before.
/// </summary>
public sealed class PiecewiseProvider(
    ChatClientProvider replies,
    IChatClient client,
    ChatClientSettings settings,
    ISupportChecker checker
) : IAssistant, IDisposable
{
    private const int MaxQuotes = 12;

    // What a model failed at so often it will fail at again: the rest stays quotes, and nobody waits for it.
    private const int GiveUpAfter = 3;

    public string Name => replies.Name;

    public int ReplyLines => replies.ReplyLines;

    public int AtOnce => replies.AtOnce;

    public IAsyncEnumerable<AssistantChunk> AnswerAsync(AssistantRequest request, CancellationToken cancel) =>
        request.Kind is AiRunKind.Summarize or AiRunKind.CatchUp
            ? SummarizeAsync(request, cancel)
            : replies.AnswerAsync(request, cancel);

    /// <summary>A summary that stopped on its way is made of quotes instead: half of it would look like all.</summary>
    public AssistantEnd? EndOf(AssistantRequest request, string text) =>
        request.Kind is AiRunKind.Summarize or AiRunKind.CatchUp ? null : replies.EndOf(request, text);

    public void Forget(ChatId chat)
    {
        replies.Forget(chat);
        client.GetService<InferenceScheduler>()?.Forget(PieceWriter.KeyOf(chat));
    }

    public void Dispose() => replies.Dispose();

    private async IAsyncEnumerable<AssistantChunk> SummarizeAsync(
        AssistantRequest request,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var plan = ExtractiveAssistant.Plan(
            new ExtractiveRequest(
                request.Kind,
                request.Prompt,
                request.PromptSeq,
                request.Lines,
                request.RollingSummary,
                MaxQuotes
            )
            {
                MoreMessages = request.MoreMessages,
            }
        );
        var writer = new PieceWriter(client, settings, request, checker);
        var words = new List<PartWords>();
        var hasBegun = false;
        foreach (var part in plan.Parts)
        {
            var said = writer.Failures < GiveUpAfter ? await writer.WriteAsync(part, cancel) : PartWords.None;
            words.Add(said);
            if (!hasBegun)
                yield return new AssistantChunk(plan.Head(!said.IsNone) + plan.EarlierText());
            hasBegun = true;
            yield return new AssistantChunk(SummaryPlan.TextOf(part, said));
        }

        var answer = plan.Compose(words);
        if (!hasBegun)
            yield return new AssistantChunk(answer.Text);
        // Where nothing of the model's was good enough, the words are nobody's but the people's.
        var by = words.Exists(w => !w.IsNone) ? Name : $"extractive (nothing of {Name} held)";
        var model = by == Name ? writer.Model ?? settings.Model : settings.Model;
        yield return new AssistantChunk(
            "",
            new AssistantEnd(
                answer.Text,
                answer.Cites,
                by,
                model,
                settings.ModelSha256,
                PiecePrompt.Version,
                writer.TokensIn,
                writer.TokensOut
            )
            {
                Pieces = writer.Asked > 0 ? new AiPieces(writer.Asked, writer.Kept) : null,
                TokensCached = writer.TokensCached,
            }
        );
    }
}
