using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;

namespace ChatAi.ChatNode.Projections;

/// <summary>The statement of each row change.</summary>
internal static class RowStatements
{
    private static readonly string Assistant = UserId.Assistant.ToString();

    public static void Execute(IWriteSession session, RowChange change)
    {
        switch (change)
        {
            case RowChange.InsertMessage m:
                InsertMessage(session, m);
                break;
            case RowChange.UpdateMessage m:
                session.Execute(
                    """
                    UPDATE messages SET content = $3, edited_at = $4, deleted = $5, reactions = $6, cites = $7,
                      attachments = $8
                    WHERE chat_id = $1 AND seq = $2
                    """,
                    m.Chat.ToString(),
                    m.Message.Seq,
                    m.Message.Text,
                    m.Message.EditedAt,
                    m.Message.Deleted,
                    RowValues.ReactionsToJson(m.Message.Reactions),
                    RowValues.CitesToJson(m.Message.Cites),
                    RowValues.AttachmentsToJson(m.Message.Attachments)
                );
                break;
            case RowChange.InsertEvent e:
                session.Execute(
                    """
                    INSERT INTO chat_events (chat_id, seq, manifest, payload, edited_seq, edited_text)
                    VALUES ($1, $2, $3, $4, $5, $6)
                    """,
                    e.Row.ChatId,
                    e.Row.Seq,
                    e.Row.Manifest,
                    e.Row.Payload,
                    e.Row.EditedSeq,
                    e.Row.EditedText
                );
                break;
            case RowChange.RedactEdits r:
                session.Execute(
                    """
                    UPDATE chat_events SET edited_text = $3
                    WHERE chat_id = $1 AND edited_seq = $2 AND edited_seq IS NOT NULL
                    """,
                    r.Chat.ToString(),
                    r.Target,
                    r.Text
                );
                break;
            case RowChange.InsertChat or RowChange.UpdateChat:
                ExecuteChat(session, change);
                break;
            case RowChange.OpenIndex o:
                session.Execute(session.Search.Open(o.Chat));
                break;
            case RowChange.IndexMessage m:
                session.Execute(session.Search.Add(m.Chat, m.Message.Seq, m.Message.At, m.Message.Text));
                break;
            case RowChange.ReindexMessage m:
                session.Execute(session.Search.Replace(m.Chat, m.Seq, m.Before, m.After));
                break;
            case RowChange.PutUser u:
                session.Execute(
                    """
                    INSERT INTO users (id, phone_number, display_name, last_active_at, version)
                    VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (id) DO UPDATE
                      SET phone_number = $2, display_name = $3, last_active_at = $4, version = $5
                      WHERE users.version < $5
                    """,
                    u.Row.Id,
                    u.Row.PhoneNumber,
                    u.Row.DisplayName,
                    u.Row.LastActiveAt,
                    u.Row.Version
                );
                break;
            case RowChange.RenameUser u:
                session.Execute(
                    "UPDATE users SET display_name = $2, version = $3 WHERE id = $1 AND version < $3",
                    u.User.ToString(),
                    u.DisplayName,
                    u.Version
                );
                break;
            case RowChange.TouchUser u:
                session.Execute(
                    "UPDATE users SET last_active_at = $2, version = $3 WHERE id = $1 AND version < $3",
                    u.User.ToString(),
                    u.At,
                    u.Version
                );
                break;
            case RowChange.InsertRun
            or RowChange.LinkRun
            or RowChange.EndRun
            or RowChange.WithdrawAnswers
            or RowChange.WithdrawAnswersOf:
                ExecuteRun(session, change);
                break;
            case RowChange.AddReference or RowChange.DropReferences:
                AttachmentStatements.Execute(session, change);
                break;
            case RowChange.PutBlock or RowChange.DropBlocks:
                ExecuteBlock(session, change);
                break;
            case RowChange.PutSummary or RowChange.DeleteSummary or RowChange.CountUnsummarized:
                ExecuteSummary(session, change);
                break;
            case RowChange.DropSubscription d:
                session.Execute(
                    "DELETE FROM push_subscriptions WHERE user_id = $1 AND device_id = $2",
                    d.User.ToString(),
                    d.Device.ToString()
                );
                break;
            default:
                ExecuteMember(session, change);
                break;
        }
    }

    private static void Execute(this IWriteSession session, IReadOnlyList<SearchStatement> statements)
    {
        foreach (var statement in statements)
            session.Execute(statement.Sql, statement.Arguments);
    }

    /// <summary>The newest message replaces an older one that waits; its time to be sent stays.</summary>
    public static void Enqueue(IWriteSession session, RowChange.EnqueuePush push, PushRules rules)
    {
        object?[] arguments =
        [
            push.Chat.ToString(),
            push.Seq,
            push.At.ToUnixTimeMilliseconds(),
            (push.At + rules.Delay).ToUnixTimeMilliseconds(),
            push.NotTo.ToString(),
            push.OnlyTo?.ToString() ?? "",
        ];
        session.Execute(
            """
            INSERT INTO outbox (chat_id, user_id, target_id, seq, created_at, due_at, attempts)
            SELECT m.chat_id, m.user_id, s.device_id, $2, $3, $4, 0
            FROM chat_members m JOIN push_subscriptions s ON s.user_id = m.user_id
            WHERE m.chat_id = $1 AND m.user_id <> $5 AND ($6 = '' OR m.user_id = $6) AND m.muted = FALSE
            ON CONFLICT (chat_id, user_id, target_id) DO UPDATE SET seq = excluded.seq, created_at = excluded.created_at
            """,
            arguments
        );
        if (!rules.Site)
            return;
        session.Execute(
            $"""
            INSERT INTO outbox (chat_id, user_id, target_id, seq, created_at, due_at, attempts)
            SELECT m.chat_id, m.user_id, '', $2, $3, $4, 0
            FROM chat_members m
            WHERE m.chat_id = $1 AND m.user_id <> $5 AND ($6 = '' OR m.user_id = $6) AND m.muted = FALSE
              AND m.user_id <> '{Assistant}'
            ON CONFLICT (chat_id, user_id, target_id) DO UPDATE SET seq = excluded.seq, created_at = excluded.created_at
            """,
            arguments
        );
    }

    private static void InsertMessage(IWriteSession session, RowChange.InsertMessage insert)
    {
        var message = insert.Message;
        session.Execute(
            """
            INSERT INTO messages (chat_id, seq, id, sender_id, is_ai, content, created_at, cid, reply_to, edited_at,
              deleted, reactions, run_id, cites, attachments)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            insert.Chat.ToString(),
            message.Seq,
            message.Id.ToString(),
            message.Sender.ToString(),
            message.IsAi,
            message.Text,
            message.At,
            message.Cid.ToString(),
            message.ReplyTo,
            message.EditedAt,
            message.Deleted,
            RowValues.ReactionsToJson(message.Reactions),
            message.Run?.ToString(),
            RowValues.CitesToJson(message.Cites),
            RowValues.AttachmentsToJson(message.Attachments)
        );
    }

    private static void ExecuteChat(IWriteSession session, RowChange change)
    {
        var row = change is RowChange.InsertChat insert ? insert.Row : ((RowChange.UpdateChat)change).Row;
        if (change is RowChange.InsertChat)
            session.Execute(
                """
                INSERT INTO chats (id, type, title, created_at, last_message_at, last_message_preview,
                  last_message_seq, head, version, ai_enabled, ai_messages, human_messages, unsummarized,
                  summary_version, ai_summon, ai_unasked)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
                """,
                row.Id,
                row.Type,
                row.Title,
                row.CreatedAt,
                row.LastMessageAt,
                row.LastMessagePreview,
                row.LastMessageSeq,
                row.Head,
                row.Version,
                row.AiEnabled,
                row.AiMessages,
                row.HumanMessages,
                row.Unsummarized,
                row.SummaryVersion,
                row.AiSummon,
                row.AiUnasked
            );
        else
            session.Execute(
                """
                UPDATE chats SET title = $2, last_message_at = $3, last_message_preview = $4, last_message_seq = $5,
                  head = $6, version = $7, ai_enabled = $8, ai_messages = $9, human_messages = $10,
                  unsummarized = $11, summary_version = $12, ai_summon = $13, ai_unasked = $14
                WHERE id = $1
                """,
                row.Id,
                row.Title,
                row.LastMessageAt,
                row.LastMessagePreview,
                row.LastMessageSeq,
                row.Head,
                row.Version,
                row.AiEnabled,
                row.AiMessages,
                row.HumanMessages,
                row.Unsummarized,
                row.SummaryVersion,
                row.AiSummon,
                row.AiUnasked
            );
    }

    private static void ExecuteMember(IWriteSession session, RowChange change)
    {
        switch (change)
        {
            case RowChange.InsertMember { Row: var row }:
                session.Execute(
                    """
                    INSERT INTO chat_members (chat_id, user_id, role, from_seq, recv, read, unread, muted, archived,
                      pinned, peer_id, last_message_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                    """,
                    row.ChatId,
                    row.UserId,
                    row.Role,
                    row.FromSeq,
                    row.Recv,
                    row.Read,
                    row.Unread,
                    row.Muted,
                    row.Archived,
                    row.Pinned,
                    row.PeerId,
                    row.LastMessageAt
                );
                break;
            case RowChange.DeleteMember m:
                session.Execute(
                    "DELETE FROM chat_members WHERE chat_id = $1 AND user_id = $2",
                    m.Chat.ToString(),
                    m.User.ToString()
                );
                break;
            case RowChange.SetRole m:
                session.Execute(
                    "UPDATE chat_members SET role = $3 WHERE chat_id = $1 AND user_id = $2",
                    m.Chat.ToString(),
                    m.User.ToString(),
                    RowValues.TextOf(m.Role)
                );
                break;
            case RowChange.SetSettings m:
                session.Execute(
                    """
                    UPDATE chat_members SET muted = $3, archived = $4, pinned = $5 WHERE chat_id = $1 AND user_id = $2
                    """,
                    m.Chat.ToString(),
                    m.User.ToString(),
                    m.Muted,
                    m.Archived,
                    m.Pinned
                );
                break;
            case RowChange.SetMarks m:
                session.Execute(
                    "UPDATE chat_members SET recv = $3, read = $4, unread = $5 WHERE chat_id = $1 AND user_id = $2",
                    m.Chat.ToString(),
                    m.Mark.User.ToString(),
                    m.Mark.Recv,
                    m.Mark.Read,
                    (long)m.Mark.Unread
                );
                break;
            case RowChange.AddUnread m:
                session.Execute(
                    """
                    UPDATE chat_members SET last_message_at = $6,
                      unread = unread + CASE user_id WHEN $3 THEN 0 WHEN $4 THEN $5 ELSE $2 END
                    WHERE chat_id = $1
                    """,
                    m.Chat.ToString(),
                    (long)m.Count,
                    Assistant,
                    m.Except?.ToString() ?? "",
                    (long)m.ExceptCount,
                    m.At
                );
                break;
            case RowChange.TakeUnread m:
                session.Execute(
                    "UPDATE chat_members SET unread = unread - $3 WHERE chat_id = $1 AND user_id = $2",
                    m.Chat.ToString(),
                    m.User.ToString(),
                    (long)m.Count
                );
                break;
            case RowChange.DropUnread m:
                session.Execute(
                    """
                    UPDATE chat_members SET unread = unread - 1
                    WHERE chat_id = $1 AND user_id <> $3 AND read < $2 AND from_seq <= $2 AND unread > 0
                    """,
                    m.Chat.ToString(),
                    m.Target,
                    m.Sender.ToString()
                );
                break;
            default:
                throw new InvalidOperationException($"There is no statement for {change.GetType().Name}.");
        }
    }

    private static void ExecuteRun(IWriteSession session, RowChange change)
    {
        switch (change)
        {
            case RowChange.InsertRun { Row: var row }:
                session.Execute(
                    """
                    INSERT INTO ai_runs (id, chat_id, kind, asked_by, private, status, requested_at, prompt,
                      trigger_seq, from_seq, regenerated_from)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                    """,
                    row.Id,
                    row.ChatId,
                    row.Kind,
                    row.AskedBy,
                    row.Private,
                    row.Status,
                    row.RequestedAt,
                    row.Prompt,
                    row.TriggerSeq,
                    row.FromSeq,
                    row.RegeneratedFrom
                );
                break;
            case RowChange.LinkRun r:
                session.Execute(
                    "UPDATE ai_runs SET message_seq = $3 WHERE chat_id = $1 AND id = $2",
                    r.Chat.ToString(),
                    r.Run.ToString(),
                    r.MessageSeq
                );
                break;
            case RowChange.EndRun r:
                session.Execute(
                    """
                    UPDATE ai_runs SET status = $3, answer = $4, cites = $5, provenance = $6, failure_code = $7,
                      failure_reason = $8, ended_at = $9, first_used = $10, last_used = $11
                    WHERE chat_id = $1 AND id = $2
                    """,
                    r.Chat.ToString(),
                    r.Run.ToString(),
                    r.Status,
                    r.Answer,
                    RowValues.CitesToJson(r.Cites),
                    r.Provenance is null ? null : RowValues.ProvenanceToJson(r.Provenance),
                    r.Failure?.Code,
                    r.Failure?.Message,
                    r.At,
                    // What comes from the summary may come from any message before.
                    r.Provenance
                        is { SummaryVersion: > 0 }
                        ? 1L
                        : r.Provenance?.FirstSeq,
                    r.Provenance?.LastSeq
                );
                break;
            case RowChange.WithdrawAnswers r:
                session.Execute(
                    """
                    UPDATE ai_runs SET answer = NULL, cites = NULL, withdrawn = TRUE
                    WHERE chat_id = $1 AND answer IS NOT NULL
                      AND ((COALESCE(first_used, 0) <= $2 AND COALESCE(last_used, $2) >= $2) OR trigger_seq = $2)
                    """,
                    r.Chat.ToString(),
                    r.Changed
                );
                break;
            case RowChange.WithdrawAnswersOf r:
                session.Execute(
                    """
                    UPDATE ai_runs SET answer = NULL, cites = NULL, withdrawn = TRUE
                    WHERE chat_id = $1 AND answer IS NOT NULL AND asked_by = $2
                    """,
                    r.Chat.ToString(),
                    r.User.ToString()
                );
                break;
        }
    }

    private static void ExecuteBlock(IWriteSession session, RowChange change)
    {
        switch (change)
        {
            case RowChange.PutBlock { Row: var row }:
                session.Execute(
                    """
                    INSERT INTO ai_blocks (chat_id, level, first_seq, last_seq, messages, input_hash, text, cites, model,
                      prompt_version, seed, created_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                    ON CONFLICT (chat_id, level, first_seq) DO UPDATE SET messages = $5, input_hash = $6, text = $7,
                      cites = $8, model = $9, prompt_version = $10, seed = $11, created_at = $12
                    """,
                    row.ChatId,
                    row.Level,
                    row.FirstSeq,
                    row.LastSeq,
                    row.Messages,
                    row.InputHash,
                    row.Text,
                    row.Cites,
                    row.Model,
                    row.PromptVersion,
                    row.Seed,
                    row.CreatedAt
                );
                break;
            case RowChange.DropBlocks b:
                foreach (var key in BlockGrid.Containing(b.Changed))
                    session.Execute(
                        "DELETE FROM ai_blocks WHERE chat_id = $1 AND level = $2 AND first_seq = $3",
                        b.Chat.ToString(),
                        (long)key.Level,
                        key.First
                    );
                break;
        }
    }

    private static void ExecuteSummary(IWriteSession session, RowChange change)
    {
        switch (change)
        {
            case RowChange.PutSummary { Row: var row }:
                session.Execute(
                    """
                    INSERT INTO ai_cache_contexts (chat_id, rolling_summary_text, from_seq, latest_summarized_msg_id,
                      latest_summarized_seq, input_hash, cites, provenance, updated_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    ON CONFLICT (chat_id) DO UPDATE SET rolling_summary_text = $2, from_seq = $3,
                      latest_summarized_msg_id = $4, latest_summarized_seq = $5, input_hash = $6, cites = $7,
                      provenance = $8, updated_at = $9
                    """,
                    row.ChatId,
                    row.Text,
                    row.FromSeq,
                    row.LatestMessageId,
                    row.LatestSeq,
                    row.InputHash,
                    row.Cites,
                    row.Provenance,
                    row.UpdatedAt
                );
                break;
            case RowChange.DeleteSummary s:
                session.Execute("DELETE FROM ai_cache_contexts WHERE chat_id = $1", s.Chat.ToString());
                break;
            case RowChange.CountUnsummarized s:
                session.Execute(
                    """
                    UPDATE chats SET unsummarized =
                      (SELECT COUNT(*) FROM messages WHERE chat_id = $1 AND seq > $2)
                    WHERE id = $1
                    """,
                    s.Chat.ToString(),
                    s.LatestSeq
                );
                break;
        }
    }
}
