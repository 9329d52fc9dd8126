using System.Data.Common;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;
using Microsoft.Data.Sqlite;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>One statement, prepared once, for every cell: there is no way to the database that costs.</summary>
internal sealed class SqliteSearchIndex : ISearchIndex
{
    internal const string Hits = """
        SELECT f.rowid & 4294967295, t.at
        FROM message_search f JOIN message_times t ON t.place = f.rowid
        WHERE f.message_search MATCH $words
          AND f.rowid >= (SELECT number FROM search_chats WHERE chat_id = $chat) * 4294967296 + $from
          AND f.rowid < (SELECT number FROM search_chats WHERE chat_id = $chat) * 4294967296 + $below
          AND t.at <= $upto
        ORDER BY f.rowid DESC LIMIT $most
        """;

    internal const string Time = """
        SELECT at FROM message_times
        WHERE place >= (SELECT number FROM search_chats WHERE chat_id = $chat) * 4294967296 + $from
          AND place < (SELECT number + 1 FROM search_chats WHERE chat_id = $chat) * 4294967296
        ORDER BY place LIMIT 1
        """;

    public async Task<IReadOnlyList<SearchCursor>> AskAsync(
        DbConnection connection,
        SearchQuery query,
        IReadOnlyList<CellQuestion> cells,
        int most,
        CancellationToken cancel
    )
    {
        await using var command = Command(connection, Hits, "$words", "$chat", "$from", "$below", "$upto", "$most");
        var hits = new List<SearchCursor>();
        foreach (var cell in cells)
        {
            cancel.ThrowIfCancellationRequested();
            Bind(
                command,
                WordsOf(query, SearchCells.Prefix(cell.Chat, cell.Cell)),
                cell.Chat.ToString(),
                cell.From,
                cell.Below,
                cell.Upto,
                most
            );
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                hits.Add(new SearchCursor(reader.GetInt64(1), cell.Chat, reader.GetInt64(0)));
        }
        return hits;
    }

    public async Task<long?> TimeFromAsync(DbConnection connection, ChatId chat, long seq, CancellationToken cancel)
    {
        await using var command = Command(connection, Time, "$chat", "$from");
        Bind(command, chat.ToString(), seq);
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    // Terms hold letters, digits, marks and symbols only: a quotation mark cannot be in one.
    private static string WordsOf(SearchQuery query, string prefix) =>
        string.Join(
            " AND ",
            query.Phrases.Select(p =>
                $"\"{string.Join(' ', p.Terms.Select(term => prefix + term))}\"{(p.Prefix ? " *" : "")}"
            )
        );

    private static SqliteCommand Command(DbConnection connection, string sql, params ReadOnlySpan<string> names)
    {
        var command = ((SqliteConnection)connection).CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }
}
