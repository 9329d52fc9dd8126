namespace ChatAi.Shared.Domain.Chats;

/// <summary>Citations as one reader may see them at this moment: none leads to what lies before they came. Pure.</summary>
public static class VisibleCites
{
    /// <param name="from">The first number that the reader may see.</param>
    public static IReadOnlyList<long> Of(IReadOnlyList<long> cites, long from) =>
        cites.All(seq => seq >= from) ? cites : [.. cites.Where(seq => seq >= from)];

    public static ChatMessage VisibleFrom(this ChatMessage message, long from) =>
        Of(message.Cites, from) is var visible && ReferenceEquals(visible, message.Cites)
            ? message
            : message with
            {
                Cites = visible,
            };

    public static INumberedChatEvent VisibleFrom(this INumberedChatEvent e, long from) =>
        e is ChatEvents.MessageSent sent && Of(sent.Cites, from) is var visible && !ReferenceEquals(visible, sent.Cites)
            ? sent with
            {
                Cites = visible,
            }
            : e;
}
