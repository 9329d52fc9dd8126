using System.Text.Json;

namespace ChatAi.Testing;

/// <summary>One event frame. Durable events have a <c>Seq</c>, ephemeral ones have none.</summary>
public sealed record ChatEvent(string Ev, Guid? Chat, long? Seq, DateTimeOffset? Ts, JsonElement D)
{
    public string? Text => Field("text")?.GetString();

    public Guid? Sender => Field("sender")?.GetGuid();

    public Guid? Cid => Field("cid")?.GetGuid();

    public Guid? Run => Field("run")?.GetGuid();

    public bool IsAi => Field("is_ai")?.GetBoolean() ?? false;

    public IReadOnlyList<long> Cites => [.. Field("cites")?.EnumerateArray().Select(cite => cite.GetInt64()) ?? []];

    /// <summary>A member of <c>d</c>, or null where it is absent or null.</summary>
    public JsonElement? Field(string name) =>
        D.ValueKind == JsonValueKind.Object
        && D.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static ChatEvent Parse(JsonElement frame) =>
        new(
            frame.GetProperty("ev").GetString()!,
            frame.TryGetProperty("chat", out var chat) ? chat.GetGuid() : null,
            frame.TryGetProperty("seq", out var seq) ? seq.GetInt64() : null,
            frame.TryGetProperty("ts", out var ts) ? ts.GetDateTimeOffset() : null,
            frame.TryGetProperty("d", out var d) ? d : default
        );
}

public sealed record Limits(int Frame, int Text, int Inflight);

public sealed record ResumedChat(long Head, bool Limited);

public sealed record ResumeAnswer(bool Ok, IReadOnlyDictionary<Guid, ResumedChat>? Chats);

public sealed record HelloAnswer(
    string Session,
    Guid User,
    Guid AiUser,
    DateTimeOffset Now,
    int PingMs,
    int PongMs,
    string Epoch,
    Limits Limits,
    ResumeAnswer? Resume
);

/// <summary>How a socket ended: the close code and reason, or null where it just broke off.</summary>
public sealed record SocketEnd(int? Code, string? Reason);

/// <summary>The socket ended while an answer was awaited.</summary>
public sealed class SocketClosedException(SocketEnd end) : Exception($"The socket closed: {end.Code} {end.Reason}")
{
    public SocketEnd End { get; } = end;
}

/// <summary>The upgrade to a WebSocket was refused with an HTTP status.</summary>
public sealed class UpgradeRefusedException(int status, Exception inner)
    : Exception($"Upgrade refused: {status}", inner)
{
    public int Status { get; } = status;
}
