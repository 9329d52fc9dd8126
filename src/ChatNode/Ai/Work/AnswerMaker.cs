using ChatAi.ChatNode.Ai.Providers;
using ChatAi.ChatNode.Hosting;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>Makes a run's end out of its chat's context: reads, asks the provider, falls back, says how it came about.</summary>
/// <param name="assistant">The provider that was chosen.</param>
/// <param name="fallback">Steps in where it fails; null for none.</param>
public sealed class AnswerMaker(
    IAssistant assistant,
    IAssistant? fallback,
    ContextReader reader,
    AiWorkerSettings settings,
    TimeProvider time,
    ILogger<AnswerMaker> log
)
{
    private readonly RollingMaker _rolling = new(reader, time);
    private readonly CatchUpReader _catchUp = new(reader);

    public int ReplyLines => assistant.ReplyLines;

    public void Forget(ChatId chat) => assistant.Forget(chat);

    /// <summary>The command that ends the run, or null where it was cancelled or is to be left as it is.</summary>
    /// <param name="started">Called once, when the model gets to work.</param>
    /// <param name="passOn">Gets the deltas.</param>
    public async Task<IChatCommand?> MakeAsync(
        AiProtocol.Context context,
        Action started,
        Action<Delta> passOn,
        CancellationToken cancel
    )
    {
        var since = time.GetTimestamp();
        var end = await TryAsync(context, started, passOn, cancel);
        AssistantMetrics.Ended(context.Run.Kind, end, time.GetElapsedTime(since));
        return end;
    }

    private async Task<IChatCommand?> TryAsync(
        AiProtocol.Context context,
        Action started,
        Action<Delta> passOn,
        CancellationToken cancel
    )
    {
        try
        {
            if (context.Run.Kind == AiRunKind.Rolling)
                return await _rolling.MakeAsync(assistant, context, cancel);
            var (messages, blocks) = await MaterialAsync(context, cancel);
            var (lines, askerName) = await reader.WithNamesAsync(messages, context.Run.By, cancel);
            var request = new AssistantRequest(
                context.Run.Kind,
                context.Run.Prompt,
                askerName,
                context.Run.TriggerSeq,
                lines,
                context.Summary?.Text
            )
            {
                Chat = context.Chat,
                Run = context.Run.Run,
                IsAgain = context.Run.RegeneratedFrom is not null,
                MoreMessages = blocks.MessagesBeside(messages),
            };
            started();
            var end = await AnswerAsync(context, messages, request, passOn, cancel);
            return end is ChatCommands.CompleteRun done ? With(done, blocks) : end;
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever happened, the run must end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "Run {Run}: the messages could not be read", context.Run.Run);
            return e is TimeoutException
                ? Fail(context, ErrorCode.Timeout, "The messages could not be read in time.")
                : Fail(context, ErrorCode.Internal, "The messages could not be read.");
        }
    }

    private async Task<IChatCommand?> AnswerAsync(
        AiProtocol.Context context,
        IReadOnlyList<ChatMessage> messages,
        AssistantRequest request,
        Action<Delta> passOn,
        CancellationToken cancel
    )
    {
        var startedAt = time.Now();
        var stream = new AnswerStream(settings, time, Limits.TextLength);
        switch (await stream.ReadAsync(assistant, request, passOn, cancel))
        {
            case StreamEnd.Cancelled:
                return null;
            case StreamEnd.Complete { End: var end } when !string.IsNullOrWhiteSpace(end.Text):
                return Complete(context, messages, end, startedAt, stream.FirstTokenAt);
            case StreamEnd.Failed { Reason: AssistantDisabledException off }:
                return Fail(context, ErrorCode.AiDisabled, off.Message);
            // Half an answer is better than none, as far as it holds.
            case StreamEnd.Stalled { Text: var text } when assistant.EndOf(request, text) is { } end:
                log.LogWarning("Run {Run}: {Provider} fell silent, kept what came", context.Run.Run, assistant.Name);
                return Complete(context, messages, end, startedAt, stream.FirstTokenAt);
            case StreamEnd.Failed { Reason: AssistantException { Message: var why } }:
                log.LogWarning("Run {Run}: {Provider} failed: {Why}", context.Run.Run, assistant.Name, why);
                break;
            case StreamEnd.Failed { Reason: var reason }:
                log.LogWarning(reason, "Run {Run}: {Provider} failed", context.Run.Run, assistant.Name);
                break;
            default:
                log.LogWarning("Run {Run}: {Provider} gave nothing", context.Run.Run, assistant.Name);
                break;
        }
        return await FallBackAsync(context, messages, request, stream.HasSpoken ? _ => { } : passOn, cancel);
    }

    private async Task<IChatCommand?> FallBackAsync(
        AiProtocol.Context context,
        IReadOnlyList<ChatMessage> messages,
        AssistantRequest request,
        Action<Delta> passOn,
        CancellationToken cancel
    )
    {
        if (fallback is null)
            return Fail(context, ErrorCode.Internal, "The assistant gave no usable answer.");
        var startedAt = time.Now();
        var stream = new AnswerStream(settings, time, Limits.TextLength);
        switch (await stream.ReadAsync(fallback, request, passOn, cancel))
        {
            case StreamEnd.Cancelled:
                return null;
            case StreamEnd.Complete { End: var end }:
                var said = end with { Provider = $"{end.Provider} (fallback of {assistant.Name})" };
                return Complete(context, messages, said, startedAt, stream.FirstTokenAt);
            case StreamEnd.Failed { Reason: var reason }:
                log.LogError(reason, "Run {Run}: {Provider} failed as well", context.Run.Run, fallback.Name);
                break;
        }
        return Fail(context, ErrorCode.Internal, "The assistant gave no usable answer.");
    }

    private async Task<(IReadOnlyList<ChatMessage> Messages, BlockCover Blocks)> MaterialAsync(
        AiProtocol.Context context,
        CancellationToken cancel
    ) =>
        await _catchUp.MaterialAsync(context, cancel)
        ?? (await reader.MessagesAsync(context, ReplyLines, cancel), BlockCover.None);

    // What blocks stand for was used as well.
    private static ChatCommands.CompleteRun With(ChatCommands.CompleteRun done, BlockCover blocks) =>
        blocks.Blocks.Count == 0
            ? done
            : done with
            {
                Blocks = blocks.Made,
                Provenance = done.Provenance with
                {
                    FirstSeq = Math.Min(done.Provenance.FirstSeq, blocks.Blocks[0].First),
                    Blocks = blocks.Used,
                },
            };

    private static ChatCommands.FailRun Fail(AiProtocol.Context context, string code, string reason) =>
        new(context.Run.Run, code, reason);

    private static ChatCommands.CompleteRun Complete(
        AiProtocol.Context context,
        IReadOnlyList<ChatMessage> messages,
        AssistantEnd end,
        DateTimeOffset startedAt,
        DateTimeOffset? firstTokenAt
    ) =>
        new(
            context.Run.Run,
            end.Text,
            end.Cites,
            new AiProvenance(
                end.Provider,
                end.Model,
                end.ModelSha256,
                end.PromptVersion,
                context.Summary is null ? 0 : context.SummaryVersion,
                messages.Count > 0 ? messages[0].Seq : 0,
                messages.Count > 0 ? messages[^1].Seq : 0,
                end.TokensIn,
                end.TokensOut,
                startedAt,
                firstTokenAt
            )
            {
                Seed = end.Seed,
                Pieces = end.Pieces,
                TokensCached = end.TokensCached,
            },
            context.ContextVersion,
            null
        );
}
