using System.Text.Json;

namespace ChatAi.Testing;

/// <summary>How protocol v1 writes JSON: snake_case names, absent rather than null.</summary>
public static class Wire
{
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        };

    /// <summary>The assistant's fixed user id.</summary>
    public static Guid Assistant { get; } = new("00000000-0000-0000-0000-0000000000a1");
}

public sealed record UserInfo(Guid Id, string? PhoneNumber, string? DisplayName);

public sealed record Tokens(string AccessToken, string RefreshToken, int ExpiresIn, UserInfo? User);

public sealed record CodeAnswer(int ExpiresIn, string? Code);

public sealed record MemberInfo(Guid User, string Role, long Recv, long Read);

public sealed record ChatInfo(
    Guid Id,
    string Type,
    string? Title,
    DateTimeOffset? LastMessageAt,
    string? LastMessagePreview,
    long Head,
    long Recv,
    long Read,
    long Unread,
    bool Muted,
    bool Archived,
    bool Pinned,
    bool AiEnabled,
    JsonElement? Peer,
    IReadOnlyList<MemberInfo>? Members
);

public sealed record ChatPage(IReadOnlyList<ChatInfo> Chats, string? Next);

public sealed record MessageInfo(
    Guid Msg,
    Guid Chat,
    long Seq,
    Guid Sender,
    bool IsAi,
    string? Text,
    Guid? Cid,
    DateTimeOffset Ts,
    long? ReplyTo,
    DateTimeOffset? EditedAt,
    bool Deleted,
    JsonElement? Reactions,
    Guid? Run,
    IReadOnlyList<long>? Cites
);

public sealed record MessagePage(IReadOnlyList<MessageInfo> Messages, bool HasMore);

public sealed record SendAnswer(Guid Chat, long Seq, Guid Msg, DateTimeOffset Ts, bool Dup);

public sealed record SummaryInfo(
    string RollingSummaryText,
    Guid? LatestSummarizedMsgId,
    long LatestSummarizedSeq,
    long UnseenCount,
    DateTimeOffset? UpdatedAt,
    IReadOnlyList<long>? Cites
);

public sealed record RunStarted(Guid Run);

public sealed record DeviceInfo(
    Guid Id,
    string? Name,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? LastSeenAt,
    bool Current
);

public sealed record DeviceList(IReadOnlyList<DeviceInfo> Devices);

/// <summary>A refusal: an <c>err</c> frame or a problem document. <c>Status</c> is 0 for a frame.</summary>
public sealed class ChatErrorException(
    string code,
    string? message,
    int status = 0,
    bool retry = false,
    int? afterMs = null
) : Exception($"{(status == 0 ? "" : $"{status} ")}{code}: {message}")
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public bool Retry { get; } = retry;

    public int? AfterMs { get; } = afterMs;
}
