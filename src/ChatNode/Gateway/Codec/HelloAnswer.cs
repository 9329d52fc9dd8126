using System.Text.Json;
using ChatAi.ChatNode.Gateway.Json;
using ChatAi.ChatNode.Gateway.Operations;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Codec;

/// <summary>What a session is told first.</summary>
/// <param name="Resume">Null where the client did not ask to resume.</param>
public sealed record HelloAnswer(
    Guid Session,
    UserId User,
    DateTimeOffset Now,
    TimeSpan Ping,
    TimeSpan Pong,
    string Epoch,
    ResumeAnswer? Resume
)
{
    public static void Write(Utf8JsonWriter w, HelloAnswer hello)
    {
        w.WriteStartObject();
        w.WriteString("session"u8, hello.Session);
        w.WriteString("user"u8, hello.User.Value);
        w.WriteString("ai_user"u8, UserId.Assistant.Value);
        w.WriteTime("now"u8, hello.Now);
        w.WriteNumber("ping_ms"u8, (long)hello.Ping.TotalMilliseconds);
        w.WriteNumber("pong_ms"u8, (long)hello.Pong.TotalMilliseconds);
        w.WriteString("epoch"u8, hello.Epoch);
        w.WriteStartObject("limits"u8);
        w.WriteNumber("frame"u8, Limits.FrameBytes);
        w.WriteNumber("text"u8, Limits.TextLength);
        w.WriteNumber("inflight"u8, Limits.InFlight);
        w.WriteEndObject();
        if (hello.Resume is { } resume)
            resume.Write(w);
        w.WriteEndObject();
    }
}

/// <param name="Ok">False where the client's epoch is another: it starts afresh.</param>
public sealed record ResumeAnswer(bool Ok, IReadOnlyList<ResumedChat> Chats)
{
    public static readonly ResumeAnswer OtherEpoch = new(false, []);

    internal void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject("resume"u8);
        w.WriteBoolean("ok"u8, Ok);
        w.WriteStartObject("chats"u8);
        foreach (var chat in Chats)
        {
            w.WriteStartObject(chat.Chat.ToString());
            w.WriteNumber("head"u8, chat.Head);
            w.WriteBoolean("limited"u8, chat.Limited);
            w.WriteEndObject();
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
