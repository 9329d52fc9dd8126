using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using LinqToDB;
using LinqToDB.Data;

namespace ChatAi.ChatNode.Push;

/// <summary>
/// The tables <c>outbox</c> and <c>outbox_dead</c>. The projection puts rows in, in the transaction of the message. A
/// node that takes one moves its time behind the lease: if the node dies, the row comes due again for any other.
/// </summary>
public sealed class Outbox(ReadStore store, TimeProvider time)
{
    public const int MostRows = 200;
    private const string Key = "chat_id = @chat AND user_id = @user AND target_id = @target";

    /// <summary>Takes rows whose time has come, oldest first.</summary>
    /// <param name="lease">Names this taking; what is done with the rows later says it again.</param>
    public Task<IReadOnlyList<OutboxRow>> ClaimAsync(
        string lease,
        TimeSpan leased,
        int limit,
        CancellationToken cancel
    ) =>
        store.RunAsync<IReadOnlyList<OutboxRow>>(
            async (db, token) =>
            {
                var now = Now();
                var due = await db.QueryToListAsync(
                    RowOf,
                    "SELECT o.chat_id, o.user_id, o.target_id, o.seq, o.created_at, o.attempts FROM outbox o "
                        + $"WHERE o.due_at <= @now ORDER BY o.due_at LIMIT {limit}",
                    token,
                    new DataParameter("now", now)
                );
                var taken = new List<OutboxRow>(due.Count);
                foreach (var row in due)
                    // Another node may have been faster; and the row may stand for a newer message by now.
                    taken.AddRange(
                        await db.QueryToListAsync(
                            RowOf,
                            $"UPDATE outbox SET lease = @lease, due_at = @until WHERE {Key} AND due_at <= @now "
                                + "RETURNING chat_id, user_id, target_id, seq, created_at, attempts",
                            token,
                            [
                                .. KeyOf(row),
                                new("lease", lease),
                                new("until", now + (long)leased.TotalMilliseconds),
                                new("now", now),
                            ]
                        )
                    );
                return taken;
            },
            cancel
        );

    /// <summary>The row is done with; a newer message that came into it meanwhile is due now.</summary>
    public Task DoneAsync(OutboxRow row, string lease, CancellationToken cancel) =>
        store.RunAsync(
            async (db, token) =>
            {
                var gone = await db.ExecuteAsync(
                    $"DELETE FROM outbox WHERE {Key} AND lease = @lease AND seq = @seq",
                    token,
                    [.. KeyOf(row), new("lease", lease), new("seq", row.Seq)]
                );
                return gone > 0
                    ? gone
                    : await db.ExecuteAsync(
                        $"UPDATE outbox SET lease = NULL, due_at = @due, attempts = 0 WHERE {Key} AND lease = @lease",
                        token,
                        [.. KeyOf(row), new("lease", lease), new("due", Now())]
                    );
            },
            cancel
        );

    /// <param name="error">Null: it was not tried.</param>
    public Task AgainAsync(OutboxRow row, string lease, TimeSpan after, string? error, CancellationToken cancel) =>
        store.RunAsync(
            (db, token) =>
                db.ExecuteAsync(
                    "UPDATE outbox SET lease = NULL, due_at = @due, attempts = attempts + @failed, error = @error "
                        + $"WHERE {Key} AND lease = @lease",
                    token,
                    [
                        .. KeyOf(row),
                        new("lease", lease),
                        new("due", Now() + (long)after.TotalMilliseconds),
                        new("failed", error is null ? 0L : 1L),
                        new("error", error, DataType.NVarChar),
                    ]
                ),
            cancel
        );

    public async Task DieAsync(OutboxRow row, string lease, string error, CancellationToken cancel)
    {
        await store.RunAsync(
            (db, token) =>
                db.ExecuteAsync(
                    "INSERT INTO outbox_dead (chat_id, user_id, target_id, seq, created_at, dead_at, attempts, error) "
                        + "VALUES (@chat, @user, @target, @seq, @created, @dead, @attempts, @error) ON CONFLICT DO NOTHING",
                    token,
                    [
                        .. KeyOf(row),
                        new("seq", row.Seq),
                        new("created", row.CreatedAt.ToUnixTimeMilliseconds()),
                        new("dead", Now()),
                        new("attempts", (long)row.Attempts + 1),
                        new("error", error),
                    ]
                ),
            cancel
        );
        await DoneAsync(row, lease, cancel);
    }

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<DeadLetter>> DeadAsync(int limit, CancellationToken cancel) =>
        store.RunAsync<IReadOnlyList<DeadLetter>>(
            async (db, token) =>
                await db.QueryToListAsync(
                    reader => new DeadLetter(
                        reader.GetString(0),
                        reader.GetString(1),
                        reader.GetString(2),
                        reader.GetInt64(3),
                        TimeOf(reader, 4),
                        TimeOf(reader, 5),
                        (int)reader.GetInt64(6),
                        reader.GetString(7)
                    ),
                    "SELECT d.chat_id, d.user_id, d.target_id, d.seq, d.created_at, d.dead_at, d.attempts, d.error "
                        + "FROM outbox_dead d WHERE d.dead_at > 0 "
                        + $"ORDER BY d.dead_at DESC LIMIT {Math.Min(limit, MostRows)}",
                    token
                ),
            cancel
        );

    /// <summary>
    /// SQLite belongs to one process: what a process before this one had taken is nobody's now.
    /// </summary>
    public Task ReleaseAllAsync(CancellationToken cancel) =>
        store.RunAsync(
            (db, token) =>
                db.ExecuteAsync(
                    "UPDATE outbox SET lease = NULL, due_at = @now WHERE lease IS NOT NULL",
                    token,
                    new DataParameter("now", Now())
                ),
            cancel
        );

    /// <summary>Null where the user is no member or the message is not there.</summary>
    public Task<PushFacts?> FactsAsync(OutboxRow row, CancellationToken cancel) =>
        store.RunAsync(
            async (db, token) =>
            {
                var found = await db.QueryToListAsync(
                    FactsOf,
                    "SELECT m.from_seq, m.recv, m.read, m.unread, m.muted, c.title, t.id, t.sender_id, t.deleted, "
                        + "t.content, t.is_ai FROM chat_members m JOIN chats c ON c.id = m.chat_id "
                        + "JOIN messages t ON t.chat_id = m.chat_id "
                        + "WHERE m.chat_id = @chat AND m.user_id = @user AND t.chat_id = @chat AND t.seq = @seq",
                    token,
                    new DataParameter("chat", row.Chat),
                    new DataParameter("user", row.User),
                    new DataParameter("seq", row.Seq)
                );
                return found.Count == 0 ? null : found[0];
            },
            cancel
        )!;

    private static PushFacts FactsOf(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            reader.GetInt64(2),
            reader.GetInt64(3),
            reader.GetBoolean(4),
            reader.IsDBNull(5) ? null : reader.GetString(5),
            new MessageId(Guid.Parse(reader.GetString(6))),
            new UserId(Guid.Parse(reader.GetString(7))),
            reader.GetBoolean(8),
            reader.GetString(9),
            null,
            reader.GetBoolean(10)
        );

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DataParameter[] KeyOf(OutboxRow row) =>
        [new("chat", row.Chat), new("user", row.User), new("target", row.Target)];

    private static OutboxRow RowOf(DbDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetInt64(3),
            TimeOf(reader, 4),
            (int)reader.GetInt64(5)
        );

    private static DateTimeOffset TimeOf(DbDataReader reader, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
