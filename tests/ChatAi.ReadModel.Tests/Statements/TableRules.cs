namespace ChatAi.ReadModel.Tests.Statements;

/// <param name="Key">The column that says on which server of a distributed database a row lies.</param>
public sealed record GrowingTable(string Name, string Key, string Of);

/// <summary>A statement that asks all servers of a distributed database, with the reason why it may.</summary>
/// <param name="Sql">A part of its text.</param>
/// <param name="Index">How it finds its rows without reading all.</param>
public sealed record Spanning(string Sql, string Table, string Index, string Reason)
{
    public bool Covers(string sql, TableScan scan) =>
        sql.Contains(Sql, StringComparison.Ordinal)
        && scan.Table == Table
        && scan.Indexes.Contains(Index, StringComparer.Ordinal);
}

/// <summary>What each table is, and the only statements that may leave one chat, user or entity. docs/scale.md tells it in words.</summary>
public static class TableRules
{
    public static readonly IReadOnlyList<GrowingTable> Growing =
    [
        new("chats", "id", "chat"),
        new("chat_members", "chat_id", "chat"),
        new("messages", "chat_id", "chat"),
        new("chat_events", "chat_id", "chat"),
        new("message_search", "chat_id", "chat"),
        new("ai_runs", "chat_id", "chat"),
        new("ai_cache_contexts", "chat_id", "chat"),
        new("ai_blocks", "chat_id", "chat"),
        new("attachments", "chat_id", "chat"),
        new("uploads", "id", "upload"),
        new("upload_days", "user_id", "user"),
        new("contents", "sha256", "content"),
        new("outbox", "chat_id", "chat"),
        new("outbox_dead", "chat_id", "chat"),
        new("push_subscriptions", "user_id", "user"),
        new("users", "id", "user"),
        new("journal", "persistence_id", "entity"),
        new("snapshot", "persistence_id", "entity"),
    ];

    /// <summary>Tables of a few rows, whatever the number of users: the same on every server, or on one.</summary>
    public static readonly IReadOnlySet<string> Small = new HashSet<string>(StringComparer.Ordinal)
    {
        "projection_offsets",
        "read_schema",
        // What is to be deleted next: emptied every few minutes.
        "loose_contents",
        "dropped_contents",
        // One row: how far the redaction has come.
        "journal_redaction",
        // What operators have done.
        "operator_audit",
        "epoch",
        // The plugin makes these two; nothing is ever written to them, since events are neither tagged nor deleted.
        "tags",
        "journal_metadata",
    };

    public static readonly IReadOnlyList<Spanning> MaySpan =
    [
        new(
            "WHERE m_1.user_id = ",
            "chat_members",
            "chat_members_recent",
            "Recent list: goes by user, while members lie with their chat. Each server gives its newest few."
        ),
        new(
            "FROM chat_members m JOIN chats c ON c.id = m.chat_id WHERE m.user_id = ",
            "chat_members",
            "chat_members_recent",
            "The chats that a search goes through, as the recent list."
        ),
        new(
            "FROM users u WHERE u.id IN (",
            "users",
            "users_pkey",
            "Names of the people of a page: each is one row by its key, on the servers where these lie."
        ),
        new(
            "FROM ai_runs r WHERE r.id = ",
            "ai_runs",
            "ai_runs_by_id",
            "A run of which the caller does not say the chat, and which the queue no longer knows. Once a question."
        ),
        new(
            "FROM chats WHERE id > ",
            "chats",
            "chats_pkey",
            "Sweep for old messages, where an operator wants it: all chats by their key, once an hour."
        ),
        new(
            "FROM ai_runs r WHERE r.ended_at IS NULL",
            "ai_runs",
            "ai_runs_open",
            "Sweep for runs left open: one every 30 s for the whole cluster, over the open runs alone."
        ),
        new(
            "FROM attachments WHERE id = ",
            "attachments",
            "attachments_by_id",
            "A file by its own id, as its address has it; its chat is then asked. Once a download."
        ),
        new(
            "FROM attachments WHERE sender_id = ",
            "attachments",
            "attachments_of_sender",
            "How much a user's files take: once an upload, over the index alone."
        ),
        new(
            "FROM uploads WHERE owner_id = ",
            "uploads",
            "uploads_of_owner",
            "How much a user's files take: once an upload, over those that hang on no message yet."
        ),
        new(
            "EXISTS (SELECT 1 FROM attachments WHERE sha256 = ",
            "attachments",
            "attachments_by_content",
            "Whether a content that a message lost has others: once a deleted file."
        ),
        new("EXISTS (SELECT 1 FROM uploads WHERE sha256 = ", "uploads", "uploads_by_content", "The same of uploads."),
        new(
            "FROM uploads WHERE expires_at < ",
            "uploads",
            "uploads_expired",
            "Sweep for uploads that no message names: every ten minutes, over those that are over."
        ),
        new(
            "DELETE FROM upload_days WHERE day < ",
            "upload_days",
            "upload_days_old",
            "Sweep for counts of days gone by: every ten minutes."
        ),
        new(
            "FROM chats WHERE unsummarized > ",
            "chats",
            "chats_stale",
            "Sweep for stale summaries: one every 30 s for the whole cluster, over the stale chats alone."
        ),
        new(
            "FROM chats WHERE ai_messages > human_messages",
            "chats",
            "chats_bot_dominated",
            "Operators look for rooms full of bots; by hand, over those rooms alone."
        ),
        new(
            "FROM outbox o WHERE o.due_at <= ",
            "outbox",
            "outbox_due",
            "What is due to be pushed: twice a second a node, over the rows that are due alone."
        ),
        new(
            "FROM outbox_dead d WHERE d.dead_at > 0",
            "outbox_dead",
            "outbox_dead_newest",
            "Operators look for pushes that were given up; by hand, the newest alone."
        ),
        new(
            "FROM journal WHERE ordering > ",
            "journal",
            "PK_journal",
            "The projection's stream of all events, by the number that the journal gives each."
        ),
        new("SELECT MAX(ordering) FROM journal", "journal", "PK_journal", "Where the journal ends; once at start."),
    ];

    /// <summary>Functions that a distributed database lacks or that act on one server only, where they are used at all.</summary>
    public static readonly IReadOnlyDictionary<string, string> LocalFunctions = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["pg_advisory_lock"] = "Nodes that start together on an empty database: one makes the journal's tables.",
        ["pg_advisory_xact_lock"] = "Nodes that start together migrate one at a time; only at start.",
        ["pg_locks"] = "Who still writes to the journal, asked where a number is missing; without it the clock counts.",
        ["to_regclass"] = "Whether the journal has been made yet; only when a connection is opened.",
    };
}
