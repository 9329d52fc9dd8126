using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>Messages that go by themselves.</summary>
public static partial class ChatDecider
{
    /// <summary>Sees the whole chat; nobody's right is asked for.</summary>
    private static readonly Member Whole = new(UserId.Assistant, MemberRole.Owner, 1, 0, 0, 0, false, false, false);

    // The sweeper knows the read tables, which lag; whether there still is anything to do is decided here.
    private static Decision DecideExpire(ChatState state, ExpireMessage expire, DecisionContext context)
    {
        var (message, instead) = Target(state, Whole, expire.Target, context, quoting: true);
        if (instead is not null)
            return instead;
        if (message!.At >= expire.Before)
            return Nothing();
        var deleted = new MessageDeleted(state.Head + 1, expire.Target, message.Sender, message.Sender, context.Now)
        {
            Expired = true,
        };
        return Delete(state, message, deleted, context);
    }
}
