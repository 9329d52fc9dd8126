using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace ChatAi.ChatNode.Operators;

/// <summary>A room in which the assistant wrote more than people did.</summary>
public sealed record BotRoom(string Chat, string Type, long AiMessages, long HumanMessages);

/// <summary>A room whose rolling summary is behind.</summary>
/// <param name="Unsummarized">Messages since the summary, or in all where there is none.</param>
public sealed record StaleRoom(string Chat, long Unsummarized);

/// <summary>What operators ask of the read tables. Each query is a range of a partial index; counts are kept, not scanned.</summary>
public sealed class RoomReader(ReadStore store)
{
    public const int MostRows = 500;

    // Conditions of a partial index must stand in the statement as they stand in the index.
    private const string BotDominated =
        "SELECT id, type, ai_messages, human_messages FROM chats WHERE ai_messages > human_messages";

    private static readonly string Stale =
        $"SELECT id, unsummarized FROM chats WHERE unsummarized > {Limits.SummaryEvery} AND ai_enabled = TRUE "
        + "ORDER BY unsummarized DESC LIMIT ";

    /// <summary>Those with the most messages of the assistant first.</summary>
    /// <param name="after">The last room of the page before; null for the first page.</param>
    public Task<IReadOnlyList<BotRoom>> BotDominatedAsync(
        (long AiMessages, string Chat)? after,
        int limit,
        CancellationToken cancel
    ) =>
        store.RunAsync<IReadOnlyList<BotRoom>>(
            async (db, token) =>
            {
                var beyond = after is null ? "" : " AND (ai_messages < @ai OR (ai_messages = @ai AND id > @id))";
                var sql = $"{BotDominated}{beyond} ORDER BY ai_messages DESC, id LIMIT {Math.Min(limit, MostRows)}";
                DataParameter[] parameters = after is { } last
                    ? [new("ai", last.AiMessages), new("id", last.Chat)]
                    : [];
                return await db.QueryToListAsync(
                    reader => new BotRoom(
                        reader.GetString(0),
                        reader.GetString(1),
                        reader.GetInt64(2),
                        reader.GetInt64(3)
                    ),
                    sql,
                    token,
                    parameters
                );
            },
            cancel
        );

    /// <summary>Those that are the furthest behind first.</summary>
    public Task<IReadOnlyList<StaleRoom>> StaleSummariesAsync(int limit, CancellationToken cancel) =>
        store.RunAsync<IReadOnlyList<StaleRoom>>(
            async (db, token) =>
                await db.QueryToListAsync(
                    reader => new StaleRoom(reader.GetString(0), reader.GetInt64(1)),
                    Stale + Math.Min(limit, MostRows),
                    token
                ),
            cancel
        );
}
