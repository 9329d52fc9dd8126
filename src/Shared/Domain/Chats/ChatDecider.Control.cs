using ChatAi.Shared.Domain.Ai;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>Who may call the assistant, how often, and when it has talked enough.</summary>
public static partial class ChatDecider
{
    private const string SwitchedOff = "The operator has switched the assistant off.";
    private const string TalkedAlone = "The assistant has written much since a person last did; a message helps.";

    private static bool MaySummon(ChatState state, Member by) =>
        state.Type != ChatType.Group || state.Control.Summon == AiSummon.Everyone || by.Role >= MemberRole.Admin;

    private static Decision? CheckSummon(ChatState state, Member by)
    {
        if (!state.AiEnabled)
            return Refuse(ErrorCode.AiDisabled, "The assistant is switched off in this chat.");
        return MaySummon(state, by)
            ? null
            : Refuse(ErrorCode.Forbidden, "Only admins may call the assistant in this group.");
    }

    /// <summary>A question to nobody, some messages after the last one that was answered so.</summary>
    private static bool IsDueUnasked(ChatState state, MessageSent message) =>
        state.Control.Unasked
        && message.ReplyTo is null
        && (state.Control.UnaskedAt is not { } at || state.Messages + 1 - at >= AiControl.UnaskedEvery)
        && UnaskedQuestion.Is(message.Text);

    /// <summary>Why no run may start now; null when one may.</summary>
    private static Rejection? RefusalToStart(ChatState state, LoopGuard loop, DecisionContext context)
    {
        if (!context.Ai.Enabled)
            return new Rejection(ErrorCode.AiDisabled, SwitchedOff);
        var open = state.Runs.Values.Count(run => run.Kind != AiRunKind.Rolling);
        if (open >= Limits.PendingRuns)
            return new Rejection(ErrorCode.AiBusy, $"{open} requests of this chat are open.");
        // Each open one may still become a message: together they must not step over the bound.
        if (!new LoopGuard(loop.Streak + state.Runs.Values.Count(run => !run.Private)).AllowsRun)
            return new Rejection(ErrorCode.QuotaExceeded, TalkedAlone);
        var most = context.Ai.RunsPerChatPerHour;
        return most > 0 && state.Control.AskedWithinTheHour(context.Now) >= most
            ? new Rejection(ErrorCode.QuotaExceeded, $"This chat may ask the assistant {most} times an hour.")
            : null;
    }

    private static Decision DecideRegenerate(ChatState state, Member by, RegenerateRun again, DecisionContext context)
    {
        if (again.Kind == AiRunKind.Rolling || (again.Private && again.AskedBy != by.User))
            return Refuse(ErrorCode.NotFound, "There is no such run.");
        if (CheckSummon(state, by) is { } forbidden)
            return forbidden;
        if (state.Runs.ContainsKey(again.Run))
            return Refuse(ErrorCode.Conflict, "This run has not ended.");
        if (CheckRequest(again.Kind, again.Prompt) is { } wrong)
            return wrong;
        if (!again.Private && state.IsBlocked(by.User))
            return Blocked();
        var prompt = again.Prompt;
        if (again.TriggerSeq is { } trigger)
        {
            // The words as they are now: what was deleted or edited away is not asked again.
            var (message, instead) = Target(state, by, trigger, context);
            if (instead is not null)
                return instead;
            prompt = AiTrigger.PromptOf(message!.Text);
        }
        if (RefusalToStart(state, state.Control.Loop, context) is { } refusal)
            return new Decision.Refused(refusal);
        var run = Request(by, again.Kind, prompt, again.Private, again.TriggerSeq, context) with
        {
            FromSeq = Math.Max(by.From, again.FromSeq),
            RegeneratedFrom = again.Run,
        };
        return Accept(new ChatAnswer.RunStarted(run.Run), run);
    }

    /// <summary>The first and last number of all that an answer rests on.</summary>
    private static (long First, long Last) UsedBy(PendingRun run, CompleteRun complete)
    {
        var last = Math.Max(complete.Provenance.LastSeq, run.TriggerSeq ?? 0);
        var first = Math.Min(complete.Provenance.FirstSeq, run.TriggerSeq ?? long.MaxValue);
        // What an answer took from the summary before may come from any message before.
        if (complete.Provenance.SummaryVersion > 0)
            first = 1;
        return (Math.Min(first, complete.Rolling?.FromSeq ?? first), Math.Max(last, complete.Rolling?.LatestSeq ?? 0));
    }
}
