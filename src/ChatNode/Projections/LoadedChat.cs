using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Projections;

/// <summary>What the tables have of a chat before a batch, as far as folding the batch needs it.</summary>
/// <param name="Row">Null before the chat's first event.</param>
/// <param name="Summary">First and last number that the rolling summary covers; null where there is none.</param>
/// <param name="Targets">Messages that the batch edits, deletes or reacts to.</param>
public sealed record LoadedChat(
    ChatRow? Row,
    (long From, long Latest)? Summary,
    IReadOnlyDictionary<long, ChatMessage> Targets
)
{
    public static readonly LoadedChat None = new(null, null, new Dictionary<long, ChatMessage>());

    public long Version => Row?.Version ?? 0;
}
