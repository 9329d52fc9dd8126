using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>One step of the schema; steps are applied in order, each once, and never change after a release.</summary>
/// <param name="Tables">For both databases, with <c>{words}</c> for what they write differently.</param>
/// <param name="ReadIndexes">What only readers need.</param>
/// <param name="FillsSearch">Where messages are there already, they are put into the index of words.</param>
public sealed record Migration(
    int Version,
    string Name,
    string Tables,
    IReadOnlyList<string> ReadIndexes,
    bool FillsSearch = false
);

/// <summary>
/// The read tables. All of them can be made anew from the journal (<c>ChatNode rebuild</c>), so a migration need not
/// carry data over.
/// </summary>
public static class Schema
{
    public const int Partitions = 16;

    /// <summary>The row of <c>projection_offsets</c>; it is there from the start, so that it can be locked.</summary>
    public const string OffsetName = "read-tables";

    /// <summary>The same where the journal is projected in several slices.</summary>
    public static string OffsetNameOf(int slice, int count) =>
        count == 1 ? OffsetName : $"{OffsetName}-{slice}-of-{count}";

    /// <summary>In an order in which they can be dropped.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "users",
        "chats",
        "chat_members",
        "messages",
        "chat_events",
        "ai_runs",
        "ai_cache_contexts",
        "ai_blocks",
        "attachments",
        "projection_offsets",
    ];

    // A rebuild makes them when the rows are there, which is much faster.
    private static readonly IReadOnlyList<string> ReadIndexes =
    [
        "CREATE INDEX chats_recent ON chats (last_message_at)",
        $"CREATE INDEX chats_stale ON chats (unsummarized) WHERE unsummarized > {Limits.SummaryEvery} AND ai_enabled = TRUE",
        "CREATE INDEX chats_bot_dominated ON chats (ai_messages) WHERE ai_messages > human_messages",
        "CREATE INDEX chat_members_recent ON chat_members (user_id, last_message_at DESC, chat_id)",
        "CREATE UNIQUE INDEX messages_by_cid ON messages (chat_id, sender_id, cid)",
        "CREATE INDEX ai_runs_open ON ai_runs (requested_at, id) WHERE ended_at IS NULL",
    ];

    public static readonly IReadOnlyList<Migration> Migrations =
    [
        new(
            1,
            "read tables",
            $$"""
            CREATE TABLE users (
              id {id} NOT NULL PRIMARY KEY,
              phone_number text NOT NULL,
              display_name text NOT NULL,
              last_active_at {time}
            ){clustered};

            CREATE TABLE chats (
              id {id} NOT NULL PRIMARY KEY,
              type text NOT NULL,
              title text,
              created_at {time} NOT NULL,
              last_message_at {time} NOT NULL,
              last_message_preview text,
              last_message_seq bigint NOT NULL,
              head bigint NOT NULL,
              version bigint NOT NULL,
              ai_enabled boolean NOT NULL,
              ai_messages bigint NOT NULL,
              human_messages bigint NOT NULL,
              unsummarized bigint NOT NULL,
              summary_version bigint NOT NULL
            ){clustered};

            CREATE TABLE chat_members (
              chat_id {id} NOT NULL,
              user_id {id} NOT NULL,
              role text NOT NULL,
              from_seq bigint NOT NULL,
              recv bigint NOT NULL,
              read bigint NOT NULL,
              unread bigint NOT NULL,
              muted boolean NOT NULL,
              archived boolean NOT NULL,
              pinned boolean NOT NULL,
              peer_id {id},
              last_message_at {time} NOT NULL,
              PRIMARY KEY (chat_id, user_id)
            ){clustered};

            CREATE TABLE messages (
              chat_id {id} NOT NULL,
              seq bigint NOT NULL,
              id {id} NOT NULL,
              sender_id {id} NOT NULL,
              is_ai boolean NOT NULL,
              content text NOT NULL,
              created_at {time} NOT NULL,
              cid {id} NOT NULL,
              reply_to bigint,
              edited_at {time},
              deleted boolean NOT NULL,
              reactions text,
              run_id {id},
              cites text,
              PRIMARY KEY (chat_id, seq)
            ){clustered}{partitioned};
            {partitions}

            CREATE TABLE chat_events (
              chat_id {id} NOT NULL,
              seq bigint NOT NULL,
              manifest text NOT NULL,
              payload {bytes} NOT NULL,
              edited_seq bigint,
              edited_text text,
              PRIMARY KEY (chat_id, seq)
            ){clustered};
            CREATE INDEX chat_events_edits ON chat_events (chat_id, edited_seq) WHERE edited_seq IS NOT NULL;

            CREATE TABLE ai_runs (
              id {id} NOT NULL PRIMARY KEY,
              chat_id {id} NOT NULL,
              kind text NOT NULL,
              asked_by {id} NOT NULL,
              private boolean NOT NULL,
              status text NOT NULL,
              answer text,
              message_seq bigint,
              cites text,
              provenance text,
              failure_code text,
              failure_reason text,
              requested_at {time} NOT NULL,
              ended_at {time}
            ){clustered};

            CREATE TABLE ai_cache_contexts (
              chat_id {id} NOT NULL PRIMARY KEY,
              rolling_summary_text text NOT NULL,
              from_seq bigint NOT NULL,
              latest_summarized_msg_id {id} NOT NULL,
              latest_summarized_seq bigint NOT NULL,
              input_hash text NOT NULL,
              cites text,
              provenance text NOT NULL,
              updated_at {time} NOT NULL
            ){clustered};

            CREATE TABLE projection_offsets (
              name text NOT NULL PRIMARY KEY,
              position bigint NOT NULL
            );
            INSERT INTO projection_offsets (name, position) VALUES ('{{OffsetName}}', 0);
            """,
            ReadIndexes
        ),
        new(
            2,
            "control of the assistant",
            """
            ALTER TABLE chats ADD COLUMN ai_summon text NOT NULL DEFAULT 'everyone';
            ALTER TABLE chats ADD COLUMN ai_unasked boolean NOT NULL DEFAULT FALSE;
            ALTER TABLE ai_runs ADD COLUMN prompt text;
            ALTER TABLE ai_runs ADD COLUMN trigger_seq bigint;
            ALTER TABLE ai_runs ADD COLUMN from_seq bigint;
            ALTER TABLE ai_runs ADD COLUMN regenerated_from {id};
            """,
            []
        ),
        new(
            3,
            "private answers that are withdrawn",
            """
            ALTER TABLE ai_runs ADD COLUMN first_used bigint;
            ALTER TABLE ai_runs ADD COLUMN last_used bigint;
            ALTER TABLE ai_runs ADD COLUMN withdrawn boolean NOT NULL DEFAULT FALSE;
            """,
            [
                "CREATE INDEX ai_runs_answers ON ai_runs (chat_id) WHERE answer IS NOT NULL",
                "CREATE INDEX messages_of_ai ON messages (chat_id, seq) WHERE is_ai",
            ]
        ),
        new(
            4,
            "blocks of the assistant",
            """
            CREATE TABLE ai_blocks (
              chat_id {id} NOT NULL,
              level bigint NOT NULL,
              first_seq bigint NOT NULL,
              last_seq bigint NOT NULL,
              messages bigint NOT NULL,
              input_hash text NOT NULL,
              text text NOT NULL,
              cites text,
              model text NOT NULL,
              prompt_version text NOT NULL,
              seed bigint,
              created_at {time} NOT NULL,
              PRIMARY KEY (chat_id, level, first_seq)
            ){clustered};
            """,
            []
        ),
        new(
            5,
            "runs by their chat",
            """
            CREATE TABLE ai_runs_of_chats (
              chat_id {id} NOT NULL,
              id {id} NOT NULL,
              kind text NOT NULL,
              asked_by {id} NOT NULL,
              private boolean NOT NULL,
              status text NOT NULL,
              answer text,
              message_seq bigint,
              cites text,
              provenance text,
              failure_code text,
              failure_reason text,
              requested_at {time} NOT NULL,
              ended_at {time},
              prompt text,
              trigger_seq bigint,
              from_seq bigint,
              regenerated_from {id},
              first_used bigint,
              last_used bigint,
              withdrawn boolean NOT NULL DEFAULT FALSE,
              PRIMARY KEY (chat_id, id)
            ){clustered};
            INSERT INTO ai_runs_of_chats
            SELECT chat_id, id, kind, asked_by, private, status, answer, message_seq, cites, provenance, failure_code,
              failure_reason, requested_at, ended_at, prompt, trigger_seq, from_seq, regenerated_from, first_used,
              last_used, withdrawn
            FROM ai_runs;
            DROP TABLE ai_runs;
            ALTER TABLE ai_runs_of_chats RENAME TO ai_runs;
            """,
            [
                // Gone with the old table, unless a rebuild makes all of them last.
                "CREATE INDEX IF NOT EXISTS ai_runs_open ON ai_runs (requested_at, id) WHERE ended_at IS NULL",
                "CREATE INDEX IF NOT EXISTS ai_runs_answers ON ai_runs (chat_id) WHERE answer IS NOT NULL",
                // For those who know a run but not its chat.
                "CREATE INDEX ai_runs_by_id ON ai_runs (id)",
            ]
        ),
        new(
            6,
            "users that take each event once",
            """
            ALTER TABLE users ADD COLUMN version bigint NOT NULL DEFAULT 0;
            """,
            []
        ),
        new(
            7,
            "attachments",
            """
            ALTER TABLE messages ADD COLUMN attachments text;

            CREATE TABLE attachments (
              chat_id {id} NOT NULL,
              seq bigint NOT NULL,
              id {id} NOT NULL,
              sender_id {id} NOT NULL,
              sha256 {id} NOT NULL,
              size bigint NOT NULL,
              PRIMARY KEY (chat_id, seq, id)
            ){clustered};

            -- What follows the journal does not hold: a rebuild leaves it as it is.
            CREATE TABLE IF NOT EXISTS uploads (
              id {id} NOT NULL PRIMARY KEY,
              owner_id {id} NOT NULL,
              sha256 {id} NOT NULL,
              copy text NOT NULL,
              size bigint NOT NULL,
              type text NOT NULL,
              name text NOT NULL,
              width bigint,
              height bigint,
              expires_at {time} NOT NULL,
              chat_id {id},
              cid {id}
            ){clustered};

            CREATE TABLE IF NOT EXISTS upload_days (
              user_id {id} NOT NULL,
              day {id} NOT NULL,
              bytes bigint NOT NULL,
              files bigint NOT NULL,
              PRIMARY KEY (user_id, day)
            ){clustered};

            CREATE TABLE IF NOT EXISTS contents (
              sha256 {id} NOT NULL PRIMARY KEY,
              copy text NOT NULL,
              size bigint NOT NULL
            ){clustered};

            CREATE TABLE IF NOT EXISTS loose_contents (
              sha256 {id} NOT NULL,
              by_id {id} NOT NULL,
              PRIMARY KEY (sha256, by_id)
            ){clustered};

            CREATE TABLE IF NOT EXISTS dropped_contents (
              sha256 {id} NOT NULL,
              copy {id} NOT NULL,
              PRIMARY KEY (sha256, copy)
            ){clustered};
            """,
            [
                // By whoever names a file and not its chat.
                "CREATE INDEX attachments_by_id ON attachments (id)",
                "CREATE INDEX attachments_by_content ON attachments (sha256)",
                "CREATE INDEX attachments_of_sender ON attachments (sender_id, size)",
                "CREATE INDEX IF NOT EXISTS uploads_by_content ON uploads (sha256)",
                "CREATE INDEX IF NOT EXISTS uploads_of_owner ON uploads (owner_id, size)",
                "CREATE INDEX IF NOT EXISTS uploads_expired ON uploads (expires_at)",
                "CREATE INDEX IF NOT EXISTS upload_days_old ON upload_days (day)",
            ]
        ),
        new(8, "search", "{search}", ["{search_indexes}"], FillsSearch: true),
        new(
            9,
            "outbox of push",
            """
            -- The journal does not hold these: a rebuild leaves them as they are.
            CREATE TABLE IF NOT EXISTS push_subscriptions (
              user_id {id} NOT NULL,
              device_id {id} NOT NULL,
              kind text NOT NULL,
              endpoint text NOT NULL,
              public_key text NOT NULL,
              secret text NOT NULL,
              with_text boolean NOT NULL,
              created_at bigint NOT NULL,
              PRIMARY KEY (user_id, device_id)
            ){clustered};

            CREATE TABLE IF NOT EXISTS outbox (
              chat_id {id} NOT NULL,
              user_id {id} NOT NULL,
              target_id {id} NOT NULL,
              seq bigint NOT NULL,
              created_at bigint NOT NULL,
              due_at bigint NOT NULL,
              attempts bigint NOT NULL,
              lease text,
              error text,
              PRIMARY KEY (chat_id, user_id, target_id)
            ){clustered};

            CREATE TABLE IF NOT EXISTS outbox_dead (
              chat_id {id} NOT NULL,
              user_id {id} NOT NULL,
              target_id {id} NOT NULL,
              seq bigint NOT NULL,
              created_at bigint NOT NULL,
              dead_at bigint NOT NULL,
              attempts bigint NOT NULL,
              error text NOT NULL,
              PRIMARY KEY (chat_id, user_id, target_id, seq)
            ){clustered};
            """,
            [
                "CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at)",
                "CREATE INDEX IF NOT EXISTS outbox_dead_newest ON outbox_dead (dead_at)",
            ]
        ),
    ];
}
