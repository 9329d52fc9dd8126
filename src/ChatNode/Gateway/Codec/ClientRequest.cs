using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary>A request of protocol v1 whose shape has been checked; whether it is allowed is not known yet.</summary>
public abstract record ClientRequest
{
    public sealed record Hello(string? Token, ResumeFrom? Resume) : ClientRequest;

    public sealed record RefreshToken(string Token) : ClientRequest;

    /// <summary>Exactly one of <paramref name="Chat"/> and <paramref name="To"/>.</summary>
    public sealed record SendMessage(ChatId? Chat, UserId? To, ClientMessageId Cid, string Text, long? ReplyTo)
        : ClientRequest
    {
        public IReadOnlyList<AttachmentId> Attachments { get; init; } = [];
    }

    public sealed record Acknowledge(ChatId Chat, long? Recv, long? Read) : ClientRequest;

    public sealed record SetTyping(ChatId Chat, bool On) : ClientRequest;

    public sealed record CreateChat(ChatType Type, IReadOnlyList<UserId> Members, string? Title) : ClientRequest;

    public sealed record GetChat(ChatId Chat) : ClientRequest;

    public sealed record ListChats(int? Limit, string? Before) : ClientRequest;

    public sealed record SetChat(
        ChatId Chat,
        string? Title,
        bool? AiEnabled,
        bool? Muted,
        bool? Archived,
        bool? Pinned,
        AiSummon? AiSummon = null,
        bool? AiUnasked = null
    ) : ClientRequest;

    public sealed record AddMembers(ChatId Chat, IReadOnlyList<UserId> Users) : ClientRequest;

    public sealed record RemoveMember(ChatId Chat, UserId User) : ClientRequest;

    public sealed record ChangeRole(ChatId Chat, UserId User, MemberRole Role) : ClientRequest;

    public sealed record EditMessage(ChatId Chat, long Seq, string Text) : ClientRequest;

    public sealed record DeleteMessage(ChatId Chat, long Seq) : ClientRequest;

    public sealed record ReactToMessage(ChatId Chat, long Seq, string? Emoji) : ClientRequest;

    public sealed record GetHistory(ChatId Chat, long? Before, long? After, int? Limit) : ClientRequest;

    public sealed record Search(string Text, ChatId? Chat, int? Limit, string? Before) : ClientRequest;

    public sealed record Sync(ChatId Chat, long After, int? Limit) : ClientRequest;

    public sealed record GetPresence(IReadOnlyList<UserId> Users) : ClientRequest;

    public sealed record SetPrivacy(LastSeen LastSeen) : ClientRequest;

    public sealed record AskAssistant(ChatId Chat, AiRunKind Kind, string? Prompt, bool? Private) : ClientRequest;

    public sealed record RegenerateRun(RunId Run) : ClientRequest;

    public sealed record CancelRun(RunId Run) : ClientRequest;

    public sealed record Snapshot(RunId Run) : ClientRequest;
}

/// <param name="Epoch">Null where the client gave none: then nothing can be resumed.</param>
/// <param name="Chats">The last number that the client has of each chat.</param>
public sealed record ResumeFrom(string? Epoch, IReadOnlyDictionary<ChatId, long> Chats);

/// <summary>A frame of a client, understood as far as it can be.</summary>
public abstract record ClientFrame
{
    /// <summary><c>{}</c></summary>
    public sealed record Pong : ClientFrame
    {
        public static readonly Pong Instance = new();
    }

    /// <param name="Id">Null where no answer is wanted.</param>
    public sealed record Request(long? Id, ClientRequest Body) : ClientFrame;

    /// <summary>A request with a wrong or unknown content: answered, and the socket goes on.</summary>
    public sealed record Refused(long? Id, Rejection Rejection) : ClientFrame;

    /// <summary>No request at all (<c>bad_frame</c>): three in a row, or one before <c>hello</c>, close the socket.</summary>
    public sealed record Bad(long? Id, Rejection Rejection) : ClientFrame;

    /// <summary>Bytes that no text frame may hold; the socket closes at once.</summary>
    /// <param name="Code">The close code.</param>
    public sealed record Fatal(int Code, string Reason) : ClientFrame;
}
