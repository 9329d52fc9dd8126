using System.Text.Json;

namespace ChatAi.Client;

/// <summary>What <see cref="ChatAiClient.EventsAsync"/> hands out.</summary>
public abstract record ClientEvent;

/// <summary>A durable event of a chat: each number once, in order.</summary>
public sealed record ChatEvent(string Ev, Guid Chat, long Seq, DateTimeOffset Ts, JsonElement D) : ClientEvent
{
    /// <summary>The text of a <c>message.created</c> or <c>message.edited</c> that still has one.</summary>
    public string? Text => Field("text")?.GetString();

    public Guid? Sender => Field("sender")?.GetGuid();

    /// <summary>The files of a <c>message.created</c> that still has them.</summary>
    public IReadOnlyList<ChatAttachment> Attachments =>
        Field("attachments")?.Deserialize(ClientJson.Default.IReadOnlyListChatAttachment) ?? [];

    public Guid? Cid => Field("cid")?.GetGuid();

    /// <summary>A member of <c>d</c>, or null where it is absent or null.</summary>
    public JsonElement? Field(string name) =>
        D.ValueKind == JsonValueKind.Object
        && D.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    internal static ChatEvent Parse(JsonElement frame) =>
        new(
            frame.GetProperty("ev").GetString()!,
            frame.GetProperty("chat").GetGuid(),
            frame.GetProperty("seq").GetInt64(),
            frame.TryGetProperty("ts", out var ts) ? ts.GetDateTimeOffset() : default,
            frame.TryGetProperty("d", out var d) ? d : default
        );
}

/// <summary>An ephemeral event (typing, presence, receipt, ai.delta, …): may be lost, has no number.</summary>
public sealed record ChatSignal(string Ev, Guid? Chat, JsonElement D) : ClientEvent;

/// <summary>A chat that this client begins to follow, after the given number; older ones are read by history.</summary>
public sealed record ChatFollowed(Guid Chat, long After) : ClientEvent;

/// <summary>Too much was missed: events up to <paramref name="Head"/> are not handed out, read the chat by history.</summary>
public sealed record ChatStale(Guid Chat, long Head) : ClientEvent;

/// <summary>The server was restored from a backup: what was known before may no longer be so. Read everything anew.</summary>
public sealed record HistoryReset(string Epoch) : ClientEvent;

/// <summary>How the connection stands; <see cref="Stopped"/> is the end unless the client is started again.</summary>
public enum ConnectionState
{
    Idle,
    Connecting,
    Online,
    Waiting,
    Stopped,
}

/// <summary>A change of the connection; <paramref name="CloseCode"/> says why it ended where the server said so.</summary>
public sealed record ConnectionChanged(ConnectionState State, int? CloseCode) : ClientEvent;
