using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

public static partial class ChatDecider
{
    /// <summary>A person's message that asks the assistant brings its run along, in the same write.</summary>
    private static void AddRunFor(
        ChatState state,
        Member by,
        MessageSent message,
        DecisionContext context,
        List<IChatEvent> events
    )
    {
        if (!state.AiEnabled || by.User.IsAssistant || !MaySummon(state, by))
            return;
        // Files alone ask nothing: the assistant cannot read them.
        if (message.Text.Length == 0)
            return;
        var request = AiTrigger.Detect(message.Text, state.IsDirectWithAssistant);
        var unasked = request is null;
        if (unasked && !IsDueUnasked(state, message))
            return;
        request ??= new AiRequest(AiRunKind.Reply, message.Text.Trim());
        // A person has written: the guard against loops begins anew.
        var refusal = RefusalToStart(state, LoopGuard.None, context);
        if (unasked && refusal is not null)
            return;
        var run = Request(by, request.Kind, request.Prompt, request.Kind == AiRunKind.CatchUp, message.Seq, context);
        run = run with { Unasked = unasked };
        events.Add(run);
        // The run ends at once, so that the asker sees why nothing comes.
        if (refusal is not null)
            events.Add(new AiRunFailed(run.Run, refusal.Code, refusal.Message, context.Now));
    }

    private static AiRunRequested Request(
        Member by,
        AiRunKind kind,
        string prompt,
        bool isPrivate,
        long? triggerSeq,
        DecisionContext context
    )
    {
        var from = kind == AiRunKind.CatchUp ? Math.Max(by.From, by.Read + 1) : by.From;
        var run = new RunId(context.NewId());
        return new AiRunRequested(run, kind, prompt, by.User, isPrivate, triggerSeq, from, context.Now);
    }

    private static void AddRollingWhenDue(
        ChatState state,
        long unsummarized,
        DecisionContext context,
        List<IChatEvent> events
    )
    {
        if (!state.AiEnabled || !context.Ai.Enabled || unsummarized < Limits.SummaryEvery)
            return;
        if (state.Runs.Values.Any(run => run.Kind == AiRunKind.Rolling))
            return;
        var from = state.Summary is { } summary ? summary.LatestSeq + 1 : 1;
        events.Add(
            new AiRunRequested(
                new RunId(context.NewId()),
                AiRunKind.Rolling,
                "",
                UserId.Assistant,
                true,
                null,
                from,
                context.Now
            )
        );
    }

    private static Decision DecideAsk(ChatState state, Member by, AskAssistant ask, DecisionContext context)
    {
        if (CheckSummon(state, by) is { } forbidden)
            return forbidden;
        if (CheckRequest(ask.Kind, ask.Prompt) is { } wrong)
            return wrong;
        var isPrivate = ask.Private ?? ask.Kind == AiRunKind.CatchUp;
        if (!isPrivate && state.IsBlocked(by.User))
            return Blocked();
        if (RefusalToStart(state, state.Control.Loop, context) is { } refusal)
            return new Decision.Refused(refusal);
        var run = Request(by, ask.Kind, ask.Prompt, isPrivate, null, context);
        return Accept(new ChatAnswer.RunStarted(run.Run), run);
    }

    private static Decision? CheckRequest(AiRunKind kind, string prompt)
    {
        if (kind is not (AiRunKind.Reply or AiRunKind.Summarize or AiRunKind.CatchUp))
            return Refuse(ErrorCode.BadRequest, "kind is reply, summarize or catchup.");
        if (prompt.Length > Limits.TextLength)
            return Refuse(ErrorCode.TooLarge, $"A prompt has at most {Limits.TextLength} UTF-16 units.");
        return TextRules.IsStorable(prompt)
            ? null
            : Refuse(ErrorCode.BadRequest, "A prompt must be valid Unicode without U+0000.");
    }

    private static Decision DecideCancel(ChatState state, Member by, CancelRun cancel, DecisionContext context)
    {
        if (!state.Runs.TryGetValue(cancel.Run, out var run) || run.Kind == AiRunKind.Rolling)
            return Refuse(ErrorCode.NotFound, "There is no such run, or it has ended.");
        if (run.By != by.User)
        {
            if (run.Private)
                return Refuse(ErrorCode.NotFound, "There is no such run, or it has ended.");
            if (by.Role < MemberRole.Admin)
                return Refuse(ErrorCode.Forbidden, "Only who asked or an admin may stop the assistant.");
        }
        return Accept(ChatAnswer.Done.Instance, new AiRunCancelled(cancel.Run, by.User, context.Now));
    }

    private static Decision DecideComplete(ChatState state, CompleteRun complete, DecisionContext context)
    {
        if (!state.Runs.TryGetValue(complete.Run, out var run))
            return Nothing();
        if (!context.Ai.Enabled)
            return Fail(run, ErrorCode.AiDisabled, SwitchedOff, context);
        var (first, last) = UsedBy(run, complete);
        if (state.Control.ChangedSince(complete.ContextVersion, state.Mutations, first, last))
            return Accept(new ChatAnswer.RunAgain(run.Run));
        if (run is { Private: false, Kind: not AiRunKind.Rolling } && !AllMaySee(state, complete.Provenance))
            return Accept(new ChatAnswer.RunAgain(run.Run));
        var text = TextRules.Cut(complete.Text.Trim(), Limits.TextLength);
        if (text.Length == 0 || !TextRules.IsStorable(text))
            return Fail(run, ErrorCode.Internal, "The assistant gave no usable answer.", context);
        var cites = complete.Cites.Distinct().Where(seq => seq >= 1 && seq <= state.Head).Order().ToList();
        complete = complete with { Provenance = WithEventTimes(complete.Provenance) };
        var decision =
            run.Kind == AiRunKind.Rolling
                ? CompleteRolling(state, run, complete, text, cites, context)
                : CompleteAnswer(state, run, complete, text, cites, context);
        return decision is Decision.Accepted accepted
            ? accepted with
            {
                Events = [.. accepted.Events, .. BlocksOf(state, complete, context)],
            }
            : decision;
    }

    /// <summary>A public answer is read by everyone: it must not rest on what was said before somebody came, who may have come just now.</summary>
    private static bool AllMaySee(ChatState state, AiProvenance used)
    {
        var first = used.FirstSeq > 0 ? used.FirstSeq : long.MaxValue;
        if (used.SummaryVersion > 0 && state.Summary is { } summary)
            first = Math.Min(first, summary.FromSeq);
        return state.SeenByAllFrom <= first;
    }

    /// <summary>Those whose messages are still what they were.</summary>
    private static IEnumerable<SummaryBlockMade> BlocksOf(
        ChatState state,
        CompleteRun complete,
        DecisionContext context
    ) =>
        complete
            .Blocks.Where(b => b.First >= 1 && b.Last <= state.Head)
            .Where(b => !state.Control.ChangedSince(complete.ContextVersion, state.Mutations, b.First, b.Last))
            .Select(b => new SummaryBlockMade(complete.Run, b, "none", b.Version, null, context.Now));

    private static AiProvenance WithEventTimes(AiProvenance p) =>
        p with
        {
            StartedAt = EventTime.Of(p.StartedAt),
            FirstTokenAt = EventTime.Of(p.FirstTokenAt),
        };

    private static Decision CompleteRolling(
        ChatState state,
        PendingRun run,
        CompleteRun complete,
        string text,
        IReadOnlyList<long> cites,
        DecisionContext context
    )
    {
        if (complete.Rolling is not { } range)
            return Fail(run, ErrorCode.Internal, "A rolling summary came without its range.", context);
        if (range.FromSeq < 1 || range.FromSeq > range.LatestSeq || range.LatestSeq > state.Head)
            return Fail(run, ErrorCode.Internal, "A rolling summary came with a range that the chat has not.", context);
        return Accept(
            ChatAnswer.Done.Instance,
            new SummaryUpdated(
                run.Run,
                text,
                range.FromSeq,
                range.LatestSeq,
                range.LatestMessage,
                range.InputHash,
                cites,
                complete.Provenance,
                context.Now
            )
        );
    }

    private static Decision CompleteAnswer(
        ChatState state,
        PendingRun run,
        CompleteRun complete,
        string text,
        IReadOnlyList<long> cites,
        DecisionContext context
    )
    {
        // The asker's rights at this moment decide, not those at the time of asking.
        if (state.MemberOrNull(run.By) is not { } asker)
            return Fail(run, ErrorCode.NotFound, "The asker has left the chat.", context);
        if (!state.AiEnabled)
            return Fail(run, ErrorCode.AiDisabled, "The assistant was switched off meanwhile.", context);
        if (!run.Private && !state.Control.Loop.AllowsBotMessage)
            return Fail(run, ErrorCode.QuotaExceeded, TalkedAlone, context);
        cites = [.. cites.Where(seq => seq >= asker.From && state.Recent.Find(seq) is not { Deleted: true })];
        if (run.Private)
            return Accept(
                ChatAnswer.Done.Instance,
                new AiRunCompleted(run.Run, text, cites, complete.Provenance, context.Now)
            );
        var message = new MessageSent(
            state.Head + 1,
            new MessageId(context.NewId()),
            UserId.Assistant,
            true,
            text,
            new ClientMessageId(run.Run.Value),
            run.TriggerSeq,
            run.Run,
            cites,
            context.Now
        );
        var events = new List<IChatEvent>
        {
            message,
            new AiRunCompleted(run.Run, null, cites, complete.Provenance, context.Now),
        };
        AddRollingWhenDue(state, state.Unsummarized + 1, context, events);
        return Accept(new ChatAnswer.Sent(message.Seq, message.Id, message.At, false), events);
    }

    private static Decision DecideFail(ChatState state, FailRun fail, DecisionContext context) =>
        state.Runs.TryGetValue(fail.Run, out var run) ? Fail(run, fail.Code, fail.Reason, context) : Nothing();

    private static Decision Fail(PendingRun run, string code, string reason, DecisionContext context) =>
        Accept(ChatAnswer.Done.Instance, new AiRunFailed(run.Run, code, reason, context.Now));

    private static Decision DecideRefresh(ChatState state, DecisionContext context)
    {
        var events = new List<IChatEvent>();
        AddRollingWhenDue(state, state.Unsummarized, context, events);
        return Accept(ChatAnswer.Done.Instance, events);
    }
}
