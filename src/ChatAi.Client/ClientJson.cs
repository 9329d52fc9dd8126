using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ChatAi.Client;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(ChatUser))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(CodeSent))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HelloAnswer))]
[JsonSerializable(typeof(SentMessage))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(ChatListPage))]
[JsonSerializable(typeof(MessagePage))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(IReadOnlyList<ChatAttachment>))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>A person, as the protocol shows them to themselves and to others.</summary>
public sealed record ChatUser(Guid Id, string? PhoneNumber, string? DisplayName);

/// <summary>A code is on its way; <see cref="Code"/> only where the server reveals it (development).</summary>
public sealed record CodeSent(int ExpiresIn, string? Code);

/// <summary>The place that the server gave a message; <see cref="Dup"/> when it had it already.</summary>
public sealed record SentMessage(Guid Chat, long Seq, Guid Msg, DateTimeOffset Ts, bool Dup);

/// <summary>An entry of the list of chats, as far as this library reads it.</summary>
public sealed record ChatSummary(Guid Id, string Type, string? Title, long Head, long Recv, long Read, long Unread);

public sealed record ChatListPage(IReadOnlyList<ChatSummary> Chats, string? Next);

/// <summary>A message as it stands now.</summary>
public sealed record ChatMessage(
    Guid Msg,
    Guid Chat,
    long Seq,
    Guid Sender,
    bool IsAi,
    string Text,
    Guid Cid,
    DateTimeOffset Ts,
    long? ReplyTo,
    DateTimeOffset? EditedAt,
    bool Deleted,
    IReadOnlyList<ChatAttachment>? Attachments = null
);

/// <summary>A file of a message; <see cref="ChatAiAccount.DownloadAsync"/> has its bytes.</summary>
public sealed record ChatAttachment(Guid Id, string Name, string Type, long Size, int? Width, int? Height);

public sealed record MessagePage(IReadOnlyList<ChatMessage> Messages, bool HasMore);

internal sealed record TokenAnswer(string AccessToken, string RefreshToken, int ExpiresIn, ChatUser? User);

internal sealed record Problem(string? Code, string? Detail, string? Title);

internal sealed record ErrorBody(string Code, string? Msg, bool Retry, int? AfterMs);

internal sealed record HelloLimits(int Frame, int Text, int Inflight);

internal sealed record ResumedChat(long Head, bool Limited);

internal sealed record ResumeAnswer(bool Ok, IReadOnlyDictionary<Guid, ResumedChat>? Chats);

internal sealed record HelloAnswer(
    Guid User,
    int PingMs,
    int PongMs,
    string Epoch,
    HelloLimits Limits,
    ResumeAnswer? Resume
);

internal sealed record EventPage(IReadOnlyList<JsonElement> Events, long Head, bool HasMore);
