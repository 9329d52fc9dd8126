using ChatAi.Shared.Domain.Ai;
using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>The rules of a chat: pure, so that the same state and command always give the same decision.</summary>
public static partial class ChatDecider
{
    public static Decision Decide(ChatState state, IChatCommand command, DecisionContext context)
    {
        if (command is CreateChat create)
            return DecideCreate(state, create, context);
        if (!state.Exists)
            return NoSuchChat();
        if (command is IMemberCommand { By: var by })
            return state.MemberOrNull(by) is { } member ? Decide(state, member, command, context) : NoSuchChat();
        return command switch
        {
            CompleteRun complete => DecideComplete(state, complete, context),
            FailRun fail => DecideFail(state, fail, context),
            ExpireMessage expire => DecideExpire(state, expire, context),
            RefreshSummary => DecideRefresh(state, context),
            _ => throw new InvalidOperationException($"A chat does not know the command {command.GetType().Name}."),
        };
    }

    private static Decision Decide(ChatState state, Member by, IChatCommand command, DecisionContext context) =>
        command switch
        {
            SendMessage send => DecideSend(state, by, send, context),
            EditMessage edit => DecideEdit(state, by, edit, context),
            DeleteMessage delete => DecideDelete(state, by, delete, context),
            ReactToMessage react => DecideReact(state, by, react, context),
            Acknowledge acknowledge => DecideAcknowledge(state, by, acknowledge, context),
            AddMembers add => DecideAdd(state, by, add, context),
            RemoveMember remove => DecideRemove(state, by, remove, context),
            ChangeRole change => DecideRole(state, by, change, context),
            SetChat set => DecideSet(state, by, set, context),
            SetBlock set => DecideBlock(state, by, set, context),
            AskAssistant ask => DecideAsk(state, by, ask, context),
            RegenerateRun regenerate => DecideRegenerate(state, by, regenerate, context),
            CancelRun cancel => DecideCancel(state, by, cancel, context),
            _ => throw new InvalidOperationException($"A chat does not know the command {command.GetType().Name}."),
        };

    /// <summary>A chat the caller is not in does not exist for them.</summary>
    internal static Decision NoSuchChat() => Refuse(ErrorCode.NotFound, "There is no such chat.");

    private static Decision Refuse(string code, string message) => new Decision.Refused(new Rejection(code, message));

    private static Decision Accept(ChatAnswer answer, params IReadOnlyList<IChatEvent> events) =>
        new Decision.Accepted(events, answer);

    private static Decision Nothing() => Accept(ChatAnswer.Done.Instance);

    private static Decision? CheckText(string text)
    {
        if (text.Length > Limits.TextLength)
            return Refuse(ErrorCode.TooLarge, $"A text has at most {Limits.TextLength} UTF-16 units.");
        if (string.IsNullOrWhiteSpace(text))
            return Refuse(ErrorCode.BadRequest, "A text must not be empty.");
        return TextRules.IsStorable(text)
            ? null
            : Refuse(ErrorCode.BadRequest, "A text must be valid Unicode without U+0000.");
    }
}
