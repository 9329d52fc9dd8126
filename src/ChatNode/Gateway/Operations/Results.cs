using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Operations;

/// <param name="Next">The cursor of the following page; null at the end.</param>
public sealed record ChatList(IReadOnlyList<ChatView> Chats, string? Next);

public sealed record MessagePage(ChatId Chat, IReadOnlyList<ChatMessage> Messages, bool HasMore)
{
    /// <summary>The first number that the asker may see.</summary>
    public long VisibleFrom { get; init; } = 1;
}

public sealed record EventPage(ChatId Chat, IReadOnlyList<INumberedChatEvent> Events, long Head, bool HasMore);

/// <summary>The answer of <c>message.edit</c>, <c>message.delete</c>, <c>message.react</c> and <c>member.*</c>.</summary>
public sealed record NumberedAnswer(long Seq);

/// <summary>Done, with nothing to say.</summary>
public sealed record Nothing
{
    public static readonly Nothing Instance = new();
}

public sealed record PresenceList(IReadOnlyList<UserProtocol.Presence> Users);

/// <summary>Whom a person lets see what of them.</summary>
public sealed record Privacy(LastSeen LastSeen);

public sealed record RunList(IReadOnlyList<AiRunRow> Runs);

public sealed record RunStarted(RunId Run);

/// <summary>An assistant run as far as it has come.</summary>
/// <param name="Row">Where a message carries the text, the text is filled in.</param>
public sealed record RunState(AiRunRow Row)
{
    public string Text => Row.Text ?? "";

    /// <summary>Among those that wait, 1 for the next; null where it does not wait.</summary>
    public int? Place { get; init; }
}

public sealed record SummaryState(RollingSummary Summary, long UnseenCount);
