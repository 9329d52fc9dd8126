using System.Globalization;
using System.Text.Json;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>How single values stand in the tables.</summary>
public static class RowValues
{
    /// <summary>Fixed width, so that text order is time order.</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string TimeToText(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset TimeOf(string text) =>
        DateTimeOffset.ParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
        );

    public static string TextOf(ChatType type) => type == ChatType.OneToOne ? "1_to_1" : "group";

    public static ChatType ChatTypeOf(string text) =>
        text switch
        {
            "1_to_1" => ChatType.OneToOne,
            "group" => ChatType.Group,
            _ => throw Unknown(text),
        };

    public static string TextOf(MemberRole role) =>
        role switch
        {
            MemberRole.Owner => "owner",
            MemberRole.Admin => "admin",
            _ => "member",
        };

    public static string TextOf(AiSummon summon) => summon == AiSummon.Admins ? "admins" : "everyone";

    public static AiSummon SummonOf(string text) =>
        text switch
        {
            "everyone" => AiSummon.Everyone,
            "admins" => AiSummon.Admins,
            _ => throw Unknown(text),
        };

    public static string TextOf(AiRunKind kind) =>
        kind switch
        {
            AiRunKind.Reply => "reply",
            AiRunKind.Summarize => "summarize",
            AiRunKind.CatchUp => "catchup",
            AiRunKind.Rolling => "rolling",
            _ => throw Unknown(kind.ToString()),
        };

    public static AiRunKind KindOf(string text) =>
        text switch
        {
            "reply" => AiRunKind.Reply,
            "summarize" => AiRunKind.Summarize,
            "catchup" => AiRunKind.CatchUp,
            "rolling" => AiRunKind.Rolling,
            _ => throw Unknown(text),
        };

    public static string TextOf(AiRunStatus status) =>
        status switch
        {
            AiRunStatus.Done => "done",
            AiRunStatus.Cancelled => "cancelled",
            AiRunStatus.Failed => "failed",
            _ => "queued",
        };

    public static AiRunStatus StatusOf(string text) =>
        text switch
        {
            "queued" => AiRunStatus.Queued,
            "done" => AiRunStatus.Done,
            "cancelled" => AiRunStatus.Cancelled,
            "failed" => AiRunStatus.Failed,
            _ => throw Unknown(text),
        };

    public static string? CitesToJson(IReadOnlyList<long> cites) =>
        cites.Count == 0 ? null : JsonSerializer.Serialize(cites);

    public static IReadOnlyList<long> CitesOf(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<long[]>(json)!;

    public static string? ReactionsToJson(IReadOnlyDictionary<UserId, string> reactions) =>
        reactions.Count == 0
            ? null
            : JsonSerializer.Serialize(
                reactions.OrderBy(r => r.Key.Value).ToDictionary(r => r.Key.ToString(), r => r.Value)
            );

    public static IReadOnlyDictionary<UserId, string> ReactionsOf(string? json) =>
        json is null
            ? ChatMessage.NoReactions
            : JsonSerializer
                .Deserialize<Dictionary<string, string>>(json)!
                .ToDictionary(r => new UserId(Guid.Parse(r.Key)), r => r.Value);

    public static string? AttachmentsToJson(IReadOnlyList<Attachment> attachments) =>
        attachments.Count == 0 ? null : JsonSerializer.Serialize(attachments);

    public static IReadOnlyList<Attachment> AttachmentsOf(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<Attachment[]>(json)!;

    public static string ProvenanceToJson(AiProvenance provenance) => JsonSerializer.Serialize(provenance);

    public static AiProvenance? ProvenanceOf(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<AiProvenance>(json);

    public static ChatMessage MessageOf(MessageRow row) =>
        new(
            row.Seq,
            new MessageId(Guid.Parse(row.Id)),
            new UserId(Guid.Parse(row.SenderId)),
            row.IsAi,
            row.Content,
            new ClientMessageId(Guid.Parse(row.Cid)),
            row.CreatedAt,
            row.ReplyTo,
            row.EditedAt,
            row.Deleted,
            ReactionsOf(row.Reactions),
            row.RunId is null ? null : new RunId(Guid.Parse(row.RunId)),
            CitesOf(row.Cites)
        )
        {
            Attachments = AttachmentsOf(row.Attachments),
        };

    public static AiRunRow RunOf(RunRow row) =>
        new(
            new RunId(Guid.Parse(row.Id)),
            new ChatId(Guid.Parse(row.ChatId)),
            KindOf(row.Kind),
            new UserId(Guid.Parse(row.AskedBy)),
            row.Private,
            StatusOf(row.Status),
            row.Answer,
            row.MessageSeq,
            CitesOf(row.Cites),
            ProvenanceOf(row.Provenance),
            row.FailureCode is null ? null : new Rejection(row.FailureCode, row.FailureReason ?? ""),
            row.RequestedAt,
            row.EndedAt,
            row.RegeneratedFrom is null ? null : new RunId(Guid.Parse(row.RegeneratedFrom)),
            row.Prompt,
            row.TriggerSeq,
            row.FromSeq,
            row.Withdrawn
        );

    public static SummaryBlock BlockOf(BlockRow row) =>
        new((int)row.Level, row.FirstSeq, (int)row.Messages, row.InputHash, row.Text, CitesOf(row.Cites))
        {
            Version = row.PromptVersion,
        };

    private static InvalidDataException Unknown(string text) => new($"The read tables do not know the value '{text}'.");
}
