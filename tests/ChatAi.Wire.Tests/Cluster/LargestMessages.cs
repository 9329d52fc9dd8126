using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Wire.Tests.Cluster;

/// <summary>
/// The most that one chat's entity can answer: texts up to what it keeps in memory, in characters of three bytes, and a
/// page of a hundred messages of 16 KB each, though memory never holds so many.
/// </summary>
internal static class LargestMessages
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 15, 9, 26, 535, TimeSpan.Zero);
    private static readonly UserId Ada = new(Guid.NewGuid());
    private static readonly ChatId Chat = new(Guid.NewGuid());
    private static readonly RunId Run = new(Guid.NewGuid());
    private static readonly string Widest = new('字', Limits.TextLength);
    private const int InMemory = ChatState.RecentChars / Limits.TextLength;

    public static IReadOnlyList<object> All =>
        [
            new AiProtocol.Context(
                Chat,
                new PendingRun(Run, AiRunKind.Reply, Widest, Ada, true, 1, 1, At),
                true,
                Messages(InMemory, Widest),
                1,
                null,
                0,
                0,
                1
            ),
            new AiProtocol.Context(
                Chat,
                new PendingRun(Run, AiRunKind.Reply, "?", Ada, true, 1, 1, At),
                true,
                Messages(50, new string('x', Limits.TextLength)),
                1,
                null,
                0,
                0,
                1
            ),
            new ChatProtocol.HistoryPage(
                1,
                Messages(Limits.HistoryPage, new string('x', Limits.TextLength)),
                null,
                true
            ),
            new ChatProtocol.HistoryPage(1, Messages(InMemory, Widest), null, true),
            new ChatProtocol.EventsPage(1, Chat, Events(InMemory, Widest), 1, null),
            new ChatProtocol.EventsPage(1, Chat, Events(Limits.SyncPage, new string('x', 1_300)), 1, null),
        ];

    private static List<ChatMessage> Messages(int count, string text) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(seq => new ChatMessage(
                    seq,
                    new(Guid.NewGuid()),
                    Ada,
                    false,
                    text,
                    new(Guid.NewGuid()),
                    At,
                    null,
                    null,
                    false,
                    ChatMessage.NoReactions,
                    null,
                    []
                )),
        ];

    private static List<INumberedChatEvent> Events(int count, string text) =>
        [
            .. Enumerable
                .Range(1, count)
                .Select(seq => new ChatEvents.MessageSent(
                    seq,
                    new(Guid.NewGuid()),
                    Ada,
                    false,
                    text,
                    new(Guid.NewGuid()),
                    null,
                    null,
                    [],
                    At
                )),
        ];
}
