using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.Actors.Tests.Ai;

/// <summary>Runs, messages and contexts with readable ids.</summary>
internal static class AiSamples
{
    /// <summary>Patient, so that a busy machine does not decide; what is expected comes in milliseconds.</summary>
    public const string Config = """
        akka.loglevel = ERROR
        akka.test.default-timeout = 20s
        akka.test.single-expect-default = 20s
        """;

    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static ChatId Chat(int n) => new(Id(1, n));

    public static UserId User(int n) => new(Id(2, n));

    public static RunId Run(int n) => new(Id(3, n));

    private static Guid Id(byte kind, int n) => new(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, kind);

    public static PendingRun Pending(int n, int user = 1, AiRunKind kind = AiRunKind.Reply, string prompt = "why?") =>
        new(
            Run(n),
            kind,
            prompt,
            kind == AiRunKind.Rolling ? UserId.Assistant : User(user),
            kind is AiRunKind.CatchUp or AiRunKind.Rolling,
            null,
            1,
            Start
        );

    public static AiProtocol.OfferRun Offer(int n, int user = 1, AiRunKind kind = AiRunKind.Reply, int chat = 1) =>
        new(Chat(chat), Pending(n, user, kind));

    public static ChatMessage Message(long seq, int user, string text) =>
        new(
            seq,
            new MessageId(Id(4, (int)seq)),
            User(user),
            false,
            text,
            new ClientMessageId(Id(5, (int)seq)),
            Start.AddSeconds(seq),
            null,
            null,
            false,
            ChatMessage.NoReactions,
            null,
            []
        );

    public static AiProtocol.Context Context(
        PendingRun run,
        IReadOnlyList<ChatMessage> lines,
        long? earlierFrom = null,
        RollingSummary? summary = null,
        long contextVersion = 7
    ) => new(Chat(1), run, false, lines, earlierFrom, summary, summary is null ? 0 : 3, contextVersion, 99);

    public static readonly IReadOnlyList<ChatMessage> Talk =
    [
        Message(1, 1, "The release is on Friday at noon."),
        Message(2, 2, "Who writes the notes for it?"),
        Message(3, 1, "Bob does, he has the list of changes."),
    ];
}
