using LinqToDB.Mapping;

namespace ChatAi.ChatNode.ReadModel;

// One record a table. Ids are canonical lower-case UUIDs as text in both databases, so that a query typed by hand and a
// parameter of any driver mean the same.

[Table("users")]
public sealed record UserRow
{
    [Column("id", CanBeNull = false), PrimaryKey]
    public required string Id { get; init; }

    /// <summary>E.164.</summary>
    [Column("phone_number", CanBeNull = false)]
    public required string PhoneNumber { get; init; }

    [Column("display_name", CanBeNull = false)]
    public required string DisplayName { get; init; }

    [Column("last_active_at")]
    public DateTimeOffset? LastActiveAt { get; init; }

    /// <summary>The user's own number of the newest event that is in the row.</summary>
    [Column("version")]
    public long Version { get; init; }
}

[Table("chats")]
public sealed record ChatRow
{
    [Column("id", CanBeNull = false), PrimaryKey]
    public required string Id { get; init; }

    /// <summary><c>1_to_1</c> or <c>group</c>.</summary>
    [Column("type", CanBeNull = false)]
    public required string Type { get; init; }

    [Column("title")]
    public string? Title { get; init; }

    [Column("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of creation while there is no message.</summary>
    [Column("last_message_at")]
    public required DateTimeOffset LastMessageAt { get; init; }

    [Column("last_message_preview")]
    public string? LastMessagePreview { get; init; }

    /// <summary>Number of the message that the preview shows; 0 for none.</summary>
    [Column("last_message_seq")]
    public long LastMessageSeq { get; init; }

    /// <summary>Number of the newest durable event.</summary>
    [Column("head")]
    public long Head { get; init; }

    /// <summary>The journal's sequence number of the newest event of any kind that these rows include.</summary>
    [Column("version")]
    public long Version { get; init; }

    [Column("ai_enabled")]
    public bool AiEnabled { get; init; } = true;

    /// <summary><c>everyone</c> or <c>admins</c>.</summary>
    [Column("ai_summon", CanBeNull = false)]
    public string AiSummon { get; init; } = "everyone";

    [Column("ai_unasked")]
    public bool AiUnasked { get; init; }

    /// <summary>Messages ever sent by the assistant, deleted ones included.</summary>
    [Column("ai_messages")]
    public long AiMessages { get; init; }

    /// <summary>Messages ever sent by people, deleted ones included.</summary>
    [Column("human_messages")]
    public long HumanMessages { get; init; }

    /// <summary>Messages after the rolling summary; all of them where there is none.</summary>
    [Column("unsummarized")]
    public long Unsummarized { get; init; }

    /// <summary>How many rolling summaries the chat ever had.</summary>
    [Column("summary_version")]
    public long SummaryVersion { get; init; }
}

[Table("chat_members")]
public sealed record MemberRow
{
    [Column("chat_id", CanBeNull = false), PrimaryKey(1)]
    public required string ChatId { get; init; }

    [Column("user_id", CanBeNull = false), PrimaryKey(2)]
    public required string UserId { get; init; }

    /// <summary><c>member</c>, <c>admin</c> or <c>owner</c>.</summary>
    [Column("role", CanBeNull = false)]
    public required string Role { get; init; }

    /// <summary>First number that the member may see.</summary>
    [Column("from_seq")]
    public long FromSeq { get; init; }

    [Column("recv")]
    public long Recv { get; init; }

    [Column("read")]
    public long Read { get; init; }

    [Column("unread")]
    public long Unread { get; init; }

    [Column("muted")]
    public bool Muted { get; init; }

    [Column("archived")]
    public bool Archived { get; init; }

    [Column("pinned")]
    public bool Pinned { get; init; }

    /// <summary>The other one of a 1:1 chat.</summary>
    [Column("peer_id")]
    public string? PeerId { get; init; }

    /// <summary>As in <c>chats</c>: repeated here, so that a user's recent list is one range of one index.</summary>
    [Column("last_message_at")]
    public required DateTimeOffset LastMessageAt { get; init; }
}

[Table("messages")]
public sealed record MessageRow
{
    [Column("chat_id", CanBeNull = false), PrimaryKey(1)]
    public required string ChatId { get; init; }

    [Column("seq"), PrimaryKey(2)]
    public required long Seq { get; init; }

    [Column("id", CanBeNull = false)]
    public required string Id { get; init; }

    [Column("sender_id", CanBeNull = false)]
    public required string SenderId { get; init; }

    [Column("is_ai")]
    public bool IsAi { get; init; }

    /// <summary>As it stands now; empty when deleted.</summary>
    [Column("content", CanBeNull = false)]
    public required string Content { get; init; }

    [Column("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Column("cid", CanBeNull = false)]
    public required string Cid { get; init; }

    [Column("reply_to")]
    public long? ReplyTo { get; init; }

    [Column("edited_at")]
    public DateTimeOffset? EditedAt { get; init; }

    [Column("deleted")]
    public bool Deleted { get; init; }

    /// <summary>JSON object of user id and emoji; null for none.</summary>
    [Column("reactions")]
    public string? Reactions { get; init; }

    [Column("run_id")]
    public string? RunId { get; init; }

    /// <summary>JSON array of numbers; null for none.</summary>
    [Column("cites")]
    public string? Cites { get; init; }

    /// <summary>JSON array of <see cref="Shared.Domain.Chats.Attachment"/>; null for none and when deleted.</summary>
    [Column("attachments")]
    public string? Attachments { get; init; }
}

/// <summary>A durable event that is not a message.</summary>
[Table("chat_events")]
public sealed record EventRow
{
    [Column("chat_id", CanBeNull = false), PrimaryKey(1)]
    public required string ChatId { get; init; }

    [Column("seq"), PrimaryKey(2)]
    public required long Seq { get; init; }

    /// <summary>The journal's manifest of <see cref="Payload"/>.</summary>
    [Column("manifest", CanBeNull = false)]
    public required string Manifest { get; init; }

    [Column("payload", CanBeNull = false)]
    public required byte[] Payload { get; init; }

    /// <summary>The message that an edit changed; null for other events.</summary>
    [Column("edited_seq")]
    public long? EditedSeq { get; init; }

    /// <summary>An edit's text, kept out of the payload so that a deletion can take it away; null for other events.</summary>
    [Column("edited_text")]
    public string? EditedText { get; init; }
}

[Table("ai_runs")]
public sealed record RunRow
{
    [Column("id", CanBeNull = false), PrimaryKey(2)]
    public required string Id { get; init; }

    [Column("chat_id", CanBeNull = false), PrimaryKey(1)]
    public required string ChatId { get; init; }

    /// <summary><c>reply</c>, <c>summarize</c>, <c>catchup</c> or <c>rolling</c>.</summary>
    [Column("kind", CanBeNull = false)]
    public required string Kind { get; init; }

    [Column("asked_by", CanBeNull = false)]
    public required string AskedBy { get; init; }

    [Column("private")]
    public bool Private { get; init; }

    /// <summary><c>queued</c>, <c>done</c>, <c>cancelled</c> or <c>failed</c>.</summary>
    [Column("status", CanBeNull = false)]
    public required string Status { get; init; }

    [Column("answer")]
    public string? Answer { get; init; }

    /// <summary>There was an answer, but not any longer.</summary>
    [Column("withdrawn")]
    public bool Withdrawn { get; init; }

    [Column("message_seq")]
    public long? MessageSeq { get; init; }

    [Column("cites")]
    public string? Cites { get; init; }

    /// <summary>JSON of <see cref="Shared.Domain.Chats.AiProvenance"/>.</summary>
    [Column("provenance")]
    public string? Provenance { get; init; }

    [Column("failure_code")]
    public string? FailureCode { get; init; }

    [Column("failure_reason")]
    public string? FailureReason { get; init; }

    [Column("requested_at")]
    public required DateTimeOffset RequestedAt { get; init; }

    [Column("ended_at")]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Null where a message asked: a prompt must not outlive the words it was taken from.</summary>
    [Column("prompt")]
    public string? Prompt { get; init; }

    [Column("trigger_seq")]
    public long? TriggerSeq { get; init; }

    [Column("from_seq")]
    public long? FromSeq { get; init; }

    [Column("regenerated_from")]
    public string? RegeneratedFrom { get; init; }
}

/// <summary>What stands for a stretch of a chat; shared by all who may see the stretch.</summary>
[Table("ai_blocks")]
public sealed record BlockRow
{
    [Column("chat_id", CanBeNull = false), PrimaryKey]
    public required string ChatId { get; init; }

    [Column("level"), PrimaryKey]
    public long Level { get; init; }

    [Column("first_seq"), PrimaryKey]
    public long FirstSeq { get; init; }

    [Column("last_seq")]
    public long LastSeq { get; init; }

    [Column("messages")]
    public long Messages { get; init; }

    [Column("input_hash", CanBeNull = false)]
    public required string InputHash { get; init; }

    [Column("text", CanBeNull = false)]
    public required string Text { get; init; }

    /// <summary>JSON array of numbers; null for none.</summary>
    [Column("cites")]
    public string? Cites { get; init; }

    [Column("model", CanBeNull = false)]
    public required string Model { get; init; }

    [Column("prompt_version", CanBeNull = false)]
    public required string PromptVersion { get; init; }

    [Column("seed")]
    public long? Seed { get; init; }

    [Column("created_at")]
    public DateTimeOffset CreatedAt { get; init; }
}

[Table("ai_cache_contexts")]
public sealed record SummaryRow
{
    [Column("chat_id", CanBeNull = false), PrimaryKey]
    public required string ChatId { get; init; }

    [Column("rolling_summary_text", CanBeNull = false)]
    public required string Text { get; init; }

    [Column("from_seq")]
    public long FromSeq { get; init; }

    [Column("latest_summarized_msg_id", CanBeNull = false)]
    public required string LatestMessageId { get; init; }

    [Column("latest_summarized_seq")]
    public long LatestSeq { get; init; }

    [Column("input_hash", CanBeNull = false)]
    public required string InputHash { get; init; }

    [Column("cites")]
    public string? Cites { get; init; }

    [Column("provenance", CanBeNull = false)]
    public required string Provenance { get; init; }

    [Column("updated_at")]
    public required DateTimeOffset UpdatedAt { get; init; }
}

[Table("projection_offsets")]
public sealed record OffsetRow
{
    [Column("name", CanBeNull = false), PrimaryKey]
    public required string Name { get; init; }

    /// <summary>The journal's ordering number of the newest event that the rows include.</summary>
    [Column("position")]
    public long Position { get; init; }
}
