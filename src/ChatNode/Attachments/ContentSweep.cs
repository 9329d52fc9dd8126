using System.Globalization;
using ChatAi.ChatNode.ReadModel;

namespace ChatAi.ChatNode.Attachments;

/// <summary>
/// Takes away what nothing refers to: uploads that are over, and content whose last reference is gone. Each step is one
/// transaction, and what is to be deleted is written down before it is, so that it may die anywhere. Several nodes may
/// do it at once.
/// </summary>
/// <param name="journalHead">The newest event's place in the journal.</param>
public sealed class ContentSweep(
    ReadStore store,
    Func<CancellationToken, Task<long>> journalHead,
    IAttachmentStore contents,
    TimeProvider time
)
{
    private const int PageSize = 500;

    private (long Head, DateTimeOffset At)? _before;

    /// <summary>
    /// What a message refers to is known only as far as the read tables go: nothing older than the last look is touched
    /// before they include all that the journal had then. The first look therefore takes nothing away.
    /// </summary>
    /// <returns>How many contents were deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var (head, at) = (await journalHead(cancel), time.GetUtcNow());
        var before = _before;
        _before = (head, at);
        if (before is not { } last)
            return await DeleteDroppedAsync(cancel);
        await ExpireAsync(last.Head, last.At, cancel);
        await DropLooseAsync(last.Head, cancel);
        return await DeleteDroppedAsync(cancel);
    }

    /// <summary>The upload is no more; its content may be loose now.</summary>
    internal static async Task<bool> RemoveUploadAsync(Books books, string id, CancellationToken cancel)
    {
        var removed = await books.QueryAsync(
            "DELETE FROM uploads WHERE id = $1 RETURNING sha256",
            reader => reader.GetString(0),
            cancel,
            id
        );
        foreach (var sha256 in removed)
            await books.ExecuteAsync(
                "INSERT INTO loose_contents (sha256, by_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                cancel,
                sha256,
                id
            );
        return removed.Count > 0;
    }

    private Task<bool> ExpireAsync(long head, DateTimeOffset before, CancellationToken cancel) =>
        Books.InTransactionAsync(
            store,
            async books =>
            {
                if (!await IncludeAsync(books, head, cancel))
                    return false;
                var over = await books.QueryAsync(
                    $"SELECT id FROM uploads WHERE expires_at < $1 ORDER BY expires_at LIMIT {PageSize}",
                    reader => reader.GetString(0),
                    cancel,
                    before
                );
                foreach (var id in over)
                    await RemoveUploadAsync(books, id, cancel);
                var old = before.UtcDateTime.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                await books.ExecuteAsync("DELETE FROM upload_days WHERE day < $1", cancel, old);
                return true;
            },
            cancel
        );

    private async Task DropLooseAsync(long head, CancellationToken cancel)
    {
        var loose = await Books.InTransactionAsync(
            store,
            books =>
                books.QueryAsync(
                    $"SELECT DISTINCT sha256 FROM loose_contents ORDER BY sha256 LIMIT {PageSize}",
                    reader => reader.GetString(0),
                    cancel
                ),
            cancel
        );
        foreach (var sha256 in loose)
            await Books.InTransactionAsync(store, books => DropAsync(books, sha256, head, cancel), cancel);
    }

    private static async Task<bool> DropAsync(Books books, string sha256, long head, CancellationToken cancel)
    {
        if (!await IncludeAsync(books, head, cancel))
            return false;
        // The lock that an upload of the same content takes, too. Whatever refers to it is there before or waits.
        var copies = await books.QueryAsync(
            "UPDATE contents SET size = size WHERE sha256 = $1 RETURNING copy",
            reader => reader.GetString(0),
            cancel,
            sha256
        );
        // A reference that is dropped from here on makes a new row.
        await books.ExecuteAsync("DELETE FROM loose_contents WHERE sha256 = $1", cancel, sha256);
        var references = await books.NumberAsync(
            """
            SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM uploads WHERE sha256 = $1)
              OR EXISTS (SELECT 1 FROM attachments WHERE sha256 = $1) THEN 1 ELSE 0 END AS bigint)
            """,
            cancel,
            sha256
        );
        if (copies.Count == 0 || references > 0)
            return false;
        await books.ExecuteAsync("DELETE FROM contents WHERE sha256 = $1", cancel, sha256);
        await books.ExecuteAsync(
            "INSERT INTO dropped_contents (sha256, copy) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            cancel,
            sha256,
            copies[0]
        );
        return true;
    }

    private async Task<int> DeleteDroppedAsync(CancellationToken cancel)
    {
        var dropped = await Books.InTransactionAsync(
            store,
            books =>
                books.QueryAsync(
                    $"SELECT sha256, copy FROM dropped_contents ORDER BY sha256, copy LIMIT {PageSize}",
                    reader => new ContentKey(reader.GetString(0), reader.GetString(1)),
                    cancel
                ),
            cancel
        );
        foreach (var key in dropped)
        {
            // No copy comes back under this name: it may be deleted late, and twice.
            await contents.DeleteAsync(key, cancel);
            await Books.InTransactionAsync(
                store,
                books =>
                    books.ExecuteAsync(
                        "DELETE FROM dropped_contents WHERE sha256 = $1 AND copy = $2",
                        cancel,
                        key.Sha256,
                        key.Copy
                    ),
                cancel
            );
        }
        return dropped.Count;
    }

    private static async Task<bool> IncludeAsync(Books books, long head, CancellationToken cancel) =>
        await books.NumberAsync("SELECT MIN(position) FROM projection_offsets", cancel) >= head;
}
