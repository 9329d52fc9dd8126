using System.Data.Common;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;
using Npgsql;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>All cells in one statement, since a way to the server and back costs more than a cell.</summary>
internal sealed class PostgresSearchIndex : ISearchIndex
{
    // The words hold the cell, so that the index of words alone leads to the rows. The other collation keeps the planner
    // from reading all of a large chat by the primary key: it cannot know how rare a word is.
    internal const string Hits = """
        SELECT u.chat_id, h.seq, h.at
        FROM unnest($1, $2, $3, $4, $5) AS u(chat_id, words, first, below, upto)
        CROSS JOIN LATERAL (
          SELECT s.seq, s.at FROM message_search s
          WHERE s.tokens @@ u.words::tsquery AND s.chat_id = u.chat_id COLLATE "default"
            AND s.seq >= u.first AND s.seq < u.below AND s.at <= u.upto
          ORDER BY s.seq DESC LIMIT $6
        ) h
        """;

    internal const string Time = """
        SELECT at FROM message_search WHERE chat_id = $1 AND seq >= $2 ORDER BY seq LIMIT 1
        """;

    public async Task<IReadOnlyList<SearchCursor>> AskAsync(
        DbConnection connection,
        SearchQuery query,
        IReadOnlyList<CellQuestion> cells,
        int most,
        CancellationToken cancel
    )
    {
        await using var command = Command(
            connection,
            Hits,
            cells.Select(c => c.Chat.ToString()).ToArray(),
            cells.Select(c => WordsOf(query, SearchCells.Prefix(c.Chat, c.Cell))).ToArray(),
            cells.Select(c => c.From).ToArray(),
            cells.Select(c => c.Below).ToArray(),
            cells.Select(c => c.Upto).ToArray(),
            most
        );
        var hits = new List<SearchCursor>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            hits.Add(
                new SearchCursor(reader.GetInt64(2), new ChatId(Guid.Parse(reader.GetString(0))), reader.GetInt64(1))
            );
        return hits;
    }

    public async Task<long?> TimeFromAsync(DbConnection connection, ChatId chat, long seq, CancellationToken cancel)
    {
        await using var command = Command(connection, Time, chat.ToString(), seq);
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    // Terms hold letters, digits, marks and symbols only: no operator, no quotation mark.
    private static string WordsOf(SearchQuery query, string prefix) =>
        string.Join(
            " & ",
            query.Phrases.Select(p =>
                $"({string.Join(" <-> ", p.Terms.Select(term => $"'{prefix}{term}'"))}{(p.Prefix ? ":*" : "")})"
            )
        );

    private static NpgsqlCommand Command(DbConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = ((NpgsqlConnection)connection).CreateCommand();
        command.CommandText = sql;
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
