using System.Globalization;
using System.Text.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Gateway.Json;

/// <summary>Values as protocol v1 writes them.</summary>
public static class JsonWriting
{
    /// <summary>RFC 3339 in UTC with exactly milliseconds.</summary>
    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static void WriteTime(this Utf8JsonWriter w, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[24];
        time.UtcDateTime.TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        w.WriteString(name, text);
    }

    public static void WriteTimeOrNull(this Utf8JsonWriter w, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
            w.WriteTime(name, known);
        else
            w.WriteNull(name);
    }

    public static void WriteStringOrNull(this Utf8JsonWriter w, ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
            w.WriteNull(name);
        else
            w.WriteString(name, text);
    }

    /// <summary>Left out where it is empty.</summary>
    public static void WriteCites(this Utf8JsonWriter w, IReadOnlyList<long> cites)
    {
        if (cites.Count > 0)
            w.WriteSeqs("cites"u8, cites);
    }

    public static void WriteSeqs(this Utf8JsonWriter w, ReadOnlySpan<byte> name, IReadOnlyList<long> seqs)
    {
        w.WriteStartArray(name);
        foreach (var seq in seqs)
            w.WriteNumberValue(seq);
        w.WriteEndArray();
    }

    public static ReadOnlySpan<byte> Name(this ChatType type) => type == ChatType.Group ? "group"u8 : "1_to_1"u8;

    public static ReadOnlySpan<byte> Name(this MemberRole role) =>
        role switch
        {
            MemberRole.Owner => "owner"u8,
            MemberRole.Admin => "admin"u8,
            _ => "member"u8,
        };

    public static ReadOnlySpan<byte> Name(this AiSummon summon) =>
        summon == AiSummon.Admins ? "admins"u8 : "everyone"u8;

    public static ReadOnlySpan<byte> Name(this AiRunKind kind) =>
        kind switch
        {
            AiRunKind.Reply => "reply"u8,
            AiRunKind.Summarize => "summarize"u8,
            AiRunKind.CatchUp => "catchup"u8,
            _ => "rolling"u8,
        };

    public static ReadOnlySpan<byte> Name(this AiRunStatus status) =>
        status switch
        {
            AiRunStatus.Queued => "queued"u8,
            AiRunStatus.Running => "running"u8,
            AiRunStatus.Done => "done"u8,
            AiRunStatus.Cancelled => "cancelled"u8,
            _ => "failed"u8,
        };

    /// <summary><c>{code,msg,retry,after_ms?}</c></summary>
    public static void WriteRejection(this Utf8JsonWriter w, ReadOnlySpan<byte> name, Rejection rejection)
    {
        w.WriteStartObject(name);
        w.WriteString("code"u8, rejection.Code);
        w.WriteString("msg"u8, rejection.Message);
        w.WriteBoolean("retry"u8, ErrorCode.IsRetryable(rejection.Code));
        if (rejection.AfterMs is { } afterMs)
            w.WriteNumber("after_ms"u8, afterMs);
        w.WriteEndObject();
    }

    /// <summary>The files of a message; nothing where there are none.</summary>
    public static void WriteAttachments(this Utf8JsonWriter w, IReadOnlyList<Attachment> attachments)
    {
        if (attachments.Count == 0)
            return;
        w.WriteStartArray("attachments"u8);
        foreach (var attachment in attachments)
        {
            w.WriteStartObject();
            w.WriteAttachment(attachment);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    /// <summary>What a reader is told of a file, as members of the object that is open.</summary>
    public static void WriteAttachment(this Utf8JsonWriter w, Attachment attachment)
    {
        w.WriteString("id"u8, attachment.Id.Value);
        w.WriteString("name"u8, attachment.Name);
        w.WriteString("type"u8, attachment.Type);
        w.WriteNumber("size"u8, attachment.Size);
        if (attachment is { Width: { } width, Height: { } height })
        {
            w.WriteNumber("width"u8, width);
            w.WriteNumber("height"u8, height);
        }
    }
}
