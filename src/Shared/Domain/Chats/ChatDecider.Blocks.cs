using static ChatAi.Shared.Domain.Chats.ChatCommands;
using static ChatAi.Shared.Domain.Chats.ChatEvents;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>What is refused between two people of whom one has blocked the other.</summary>
public static partial class ChatDecider
{
    private static Decision DecideBlock(ChatState state, Member by, SetBlock set, DecisionContext context)
    {
        if (state.PeerOf(by.User) is not { IsAssistant: false } peer)
            return Refuse(ErrorCode.BadRequest, "Only the other person of a 1_to_1 chat can be blocked.");
        if (by.Blocks == set.Blocks)
            return Nothing();
        var events = new List<IChatEvent> { new BlockChanged(by.User, set.Blocks, context.Now) };
        // What the blocked person asked for would be written into the chat.
        if (set.Blocks)
            events.AddRange(
                state
                    .Runs.Values.Where(run => run.By == peer && !run.Private)
                    .OrderBy(run => run.Run.Value)
                    .Select(run => new AiRunCancelled(run.Run, by.User, context.Now))
            );
        return Accept(ChatAnswer.Done.Instance, events);
    }

    private static Decision Blocked() => Refuse(ErrorCode.Forbidden, "This person does not take messages from you.");
}
