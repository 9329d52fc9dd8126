using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;

namespace ChatAi.ChatNode.Attachments;

/// <summary>The books in SQL, for both databases.</summary>
public sealed class SqlUploads(ReadStore store, AttachmentOptions options, TimeProvider time) : IUploads
{
    /// <summary>A send that got no answer may be tried again for so long, however old the upload.</summary>
    public static readonly TimeSpan ClaimLives = TimeSpan.FromHours(1);

    private const string Columns = "id, owner_id, sha256, copy, size, type, name, width, height, chat_id";

    // Both sums are ranges of an index. Casts: PostgreSQL's sum of bigint is a decimal.
    private const string Stored = """
        SELECT CAST(COALESCE((SELECT SUM(size) FROM uploads WHERE owner_id = $1), 0)
          + COALESCE((SELECT SUM(size) FROM attachments WHERE sender_id = $1), 0) AS bigint)
        """;

    public Task<UploadRefusal> CheckAsync(UserId owner, long size, UploadQuota quota, CancellationToken cancel) =>
        Books.InTransactionAsync(
            store,
            async books =>
            {
                var today = await books.QueryAsync(
                    "SELECT bytes, files FROM upload_days WHERE user_id = $1 AND day = $2",
                    reader => (Bytes: reader.GetInt64(0), Files: reader.GetInt64(1)),
                    cancel,
                    owner.ToString(),
                    Today
                );
                var (bytes, files) = today.DefaultIfEmpty().First();
                if (IsTooMuch(bytes + size, files + 1, quota))
                    return UploadRefusal.TooMuchToday;
                return await IsFullAsync(books, owner, size, quota, cancel) ? UploadRefusal.Full : UploadRefusal.None;
            },
            cancel
        );

    public Task<AddedUpload> AddAsync(UserId owner, ReceivedFile file, UploadQuota quota, CancellationToken cancel) =>
        Books.InTransactionAsync(
            store,
            async books =>
            {
                // First, and with a lock on the day's row: what a user brings at once is counted one by one.
                var (bytes, files) = (
                    await books.QueryAsync(
                        """
                        INSERT INTO upload_days (user_id, day, bytes, files) VALUES ($1, $2, $3, 1)
                        ON CONFLICT (user_id, day)
                          DO UPDATE SET bytes = upload_days.bytes + $3, files = upload_days.files + 1
                        RETURNING bytes, files
                        """,
                        reader => (reader.GetInt64(0), reader.GetInt64(1)),
                        cancel,
                        owner.ToString(),
                        Today,
                        file.Size
                    )
                )[0];
                if (IsTooMuch(bytes, files, quota))
                    return await RefusedAsync(UploadRefusal.TooMuchToday);
                if (await IsFullAsync(books, owner, file.Size, quota, cancel))
                    return await RefusedAsync(UploadRefusal.Full);
                return new AddedUpload(await InsertAsync(books, owner, file, cancel), UploadRefusal.None);

                async Task<AddedUpload> RefusedAsync(UploadRefusal refusal)
                {
                    await books.ExecuteAsync(
                        "UPDATE upload_days SET bytes = bytes - $3, files = files - 1 WHERE user_id = $1 AND day = $2",
                        cancel,
                        owner.ToString(),
                        Today,
                        file.Size
                    );
                    return new AddedUpload(null, refusal);
                }
            },
            cancel
        );

    private async Task<Attachment> InsertAsync(Books books, UserId owner, ReceivedFile file, CancellationToken cancel)
    {
        // Locks the row of the content, where there is one: whoever wants to drop it waits, and then finds the reference.
        var copy = (
            await books.QueryAsync(
                """
                INSERT INTO contents (sha256, copy, size) VALUES ($1, $2, $3)
                ON CONFLICT (sha256) DO UPDATE SET size = $3 RETURNING copy
                """,
                reader => reader.GetString(0),
                cancel,
                file.Sha256,
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)),
                file.Size
            )
        )[0];
        var now = time.GetUtcNow();
        var attachment = new Attachment(
            AttachmentId.New(now),
            file.Sha256,
            copy,
            file.Size,
            file.Type,
            file.Name,
            file.Width,
            file.Height
        );
        await books.ExecuteAsync(
            """
            INSERT INTO uploads (id, owner_id, sha256, copy, size, type, name, width, height, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            cancel,
            attachment.Id.ToString(),
            owner.ToString(),
            file.Sha256,
            copy,
            file.Size,
            file.Type,
            file.Name,
            (long?)file.Width,
            (long?)file.Height,
            now.AddHours(options.KeepUnattachedHours)
        );
        return attachment;
    }

    public Task RemoveAsync(AttachmentId id, CancellationToken cancel) =>
        Books.InTransactionAsync(store, books => ContentSweep.RemoveUploadAsync(books, id.ToString(), cancel), cancel);

    public Task<Upload?> FindAsync(AttachmentId id, CancellationToken cancel) =>
        Books.InTransactionAsync(
            store,
            async books =>
                (
                    await books.QueryAsync(
                        $"SELECT {Columns} FROM uploads WHERE id = $1 AND expires_at > $2",
                        UploadOf,
                        cancel,
                        id.ToString(),
                        time.GetUtcNow()
                    )
                ).FirstOrDefault(),
            cancel
        );

    public Task<AttachmentPlace?> PlaceAsync(AttachmentId id, CancellationToken cancel) =>
        Books.InTransactionAsync(
            store,
            async books =>
                (
                    await books.QueryAsync(
                        "SELECT chat_id, seq FROM attachments WHERE id = $1",
                        reader => new AttachmentPlace(new ChatId(Guid.Parse(reader.GetString(0))), reader.GetInt64(1)),
                        cancel,
                        id.ToString()
                    )
                ).FirstOrDefault(),
            cancel
        );

    public Task<IReadOnlyList<Attachment>> ClaimAsync(
        UserId owner,
        IReadOnlyList<AttachmentId> ids,
        ChatId chat,
        ClientMessageId cid,
        CancellationToken cancel
    ) =>
        Books.InTransactionAsync<IReadOnlyList<Attachment>>(
            store,
            async books =>
            {
                var now = time.GetUtcNow();
                var claimed = new List<Attachment>(ids.Count);
                foreach (var id in ids)
                    claimed.AddRange(
                        (
                            await books.QueryAsync(
                                $"""
                                UPDATE uploads SET chat_id = $4, cid = $5,
                                  expires_at = CASE WHEN expires_at > $6 THEN expires_at ELSE $6 END
                                WHERE id = $1 AND owner_id = $2 AND expires_at > $3
                                  AND (chat_id IS NULL OR (chat_id = $4 AND cid = $5))
                                RETURNING {Columns}
                                """,
                                UploadOf,
                                cancel,
                                id.ToString(),
                                owner.ToString(),
                                now,
                                chat.ToString(),
                                cid.ToString(),
                                now + ClaimLives
                            )
                        ).Select(upload => upload.Attachment)
                    );
                return claimed;
            },
            cancel
        );

    public Task ReleaseAsync(
        UserId owner,
        IReadOnlyList<AttachmentId> ids,
        ChatId chat,
        ClientMessageId cid,
        CancellationToken cancel
    ) =>
        Books.InTransactionAsync(
            store,
            async books =>
            {
                foreach (var id in ids)
                    await books.ExecuteAsync(
                        """
                        UPDATE uploads SET chat_id = NULL, cid = NULL
                        WHERE id = $1 AND owner_id = $2 AND chat_id = $3 AND cid = $4
                        """,
                        cancel,
                        id.ToString(),
                        owner.ToString(),
                        chat.ToString(),
                        cid.ToString()
                    );
                return true;
            },
            cancel
        );

    private string Today => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsTooMuch(long bytes, long files, UploadQuota quota) =>
        (quota.BytesPerDay > 0 && bytes > quota.BytesPerDay) || (quota.FilesPerDay > 0 && files > quota.FilesPerDay);

    private static async Task<bool> IsFullAsync(
        Books books,
        UserId owner,
        long size,
        UploadQuota quota,
        CancellationToken cancel
    ) => quota.Bytes > 0 && await books.NumberAsync(Stored, cancel, owner.ToString()) + size > quota.Bytes;

    private static Upload UploadOf(DbDataReader reader) =>
        new(
            new UserId(Guid.Parse(reader.GetString(1))),
            new Attachment(
                new AttachmentId(Guid.Parse(reader.GetString(0))),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetInt64(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.IsDBNull(7) ? null : (int)reader.GetInt64(7),
                reader.IsDBNull(8) ? null : (int)reader.GetInt64(8)
            ),
            reader.IsDBNull(9) ? null : new ChatId(Guid.Parse(reader.GetString(9)))
        );
}
