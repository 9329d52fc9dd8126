using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace ChatAi.ChatNode.Retention;

/// <summary>What a sweep must know. The answers may lag: the chat decides.</summary>
public interface IOldMessages
{
    /// <summary>Chats by id.</summary>
    /// <param name="after">Exclusive; null for the first page.</param>
    Task<IReadOnlyList<ChatId>> ChatsAsync(ChatId? after, int limit, CancellationToken cancel);

    /// <summary>Numbers of the chat's undeleted messages from before <paramref name="before"/>, oldest first.</summary>
    Task<IReadOnlyList<long>> MessagesAsync(ChatId chat, DateTimeOffset before, int limit, CancellationToken cancel);
}

/// <summary>
/// Goes through the chats by their key, and through a chat's messages by theirs, oldest first: an index by age would cost
/// every message of every site, for what most never use and the others once an hour.
/// </summary>
public sealed class OldMessages(ReadStore store) : IOldMessages
{
    public Task<IReadOnlyList<ChatId>> ChatsAsync(ChatId? after, int limit, CancellationToken cancel)
    {
        var last = after?.ToString() ?? "";
        return store.RunAsync<IReadOnlyList<ChatId>>(
            async (db, token) =>
            {
                // The limit must stand in the statement: a planner that does not know it reads and sorts all.
                var ids = await db.QueryToListAsync<string>(
                    "SELECT id FROM chats WHERE id > @last ORDER BY id LIMIT " + limit,
                    token,
                    new DataParameter("last", last)
                );
                return [.. ids.Select(id => new ChatId(Guid.Parse(id)))];
            },
            cancel
        );
    }

    public Task<IReadOnlyList<long>> MessagesAsync(
        ChatId chat,
        DateTimeOffset before,
        int limit,
        CancellationToken cancel
    )
    {
        var id = chat.ToString();
        return store.RunAsync<IReadOnlyList<long>>(
            async (db, token) =>
                await db
                    .Messages.Where(m => m.ChatId == id && !m.Deleted && m.CreatedAt < before)
                    .OrderBy(m => m.Seq)
                    .Select(m => m.Seq)
                    .Take(limit)
                    .ToListAsync(token),
            cancel
        );
    }
}
