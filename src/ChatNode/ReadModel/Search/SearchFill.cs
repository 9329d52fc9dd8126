using System.Data.Common;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>Puts the messages of tables that were there before into the index, in the migration's transaction.</summary>
internal static class SearchFill
{
    private const int Page = 1_000;

    public static async Task RunAsync(
        ReadDialect dialect,
        DbConnection connection,
        DbTransaction transaction,
        CancellationToken cancel
    )
    {
        var tables = dialect == ReadDialect.Sqlite ? SearchTables.Sqlite : SearchTables.Postgres;
        await using var commands = new Commands(dialect, connection, transaction);
        await foreach (var chat in ChatsAsync(commands, cancel))
        foreach (var statement in tables.Open(chat))
            await commands.ExecuteAsync(statement, cancel);
        var (lastChat, lastSeq) = ("", 0L);
        while (true)
        {
            var rows = await commands.QueryAsync(
                new SearchStatement(
                    $"""
                    SELECT chat_id, seq, created_at, content FROM messages
                    WHERE (chat_id, seq) > ($1, $2) ORDER BY chat_id, seq LIMIT {Page}
                    """,
                    lastChat,
                    lastSeq
                ),
                r => (Chat: r.GetString(0), Seq: r.GetInt64(1), At: dialect.TimeOf(r, 2), Text: r.GetString(3)),
                cancel
            );
            foreach (var row in rows)
            foreach (var s in tables.Add(new ChatId(Guid.Parse(row.Chat)), row.Seq, row.At, row.Text))
                await commands.ExecuteAsync(s, cancel);
            if (rows.Count < Page)
                return;
            (lastChat, lastSeq) = (rows[^1].Chat, rows[^1].Seq);
        }
    }

    private static async IAsyncEnumerable<ChatId> ChatsAsync(
        Commands commands,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        foreach (var id in await commands.QueryAsync(new("SELECT id FROM chats"), r => r.GetString(0), cancel))
            yield return new ChatId(Guid.Parse(id));
    }

    /// <summary>Each text is prepared once.</summary>
    private sealed class Commands(ReadDialect dialect, DbConnection connection, DbTransaction transaction)
        : IAsyncDisposable
    {
        private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

        public async Task ExecuteAsync(SearchStatement statement, CancellationToken cancel) =>
            await Bind(statement).ExecuteNonQueryAsync(cancel);

        public async Task<List<T>> QueryAsync<T>(
            SearchStatement statement,
            Func<DbDataReader, T> map,
            CancellationToken cancel
        )
        {
            await using var reader = await Bind(statement).ExecuteReaderAsync(cancel);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancel))
                rows.Add(map(reader));
            return rows;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var command in _commands.Values)
                await command.DisposeAsync();
        }

        private DbCommand Bind(SearchStatement statement)
        {
            if (!_commands.TryGetValue(statement.Sql, out var command))
            {
                _commands[statement.Sql] = command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandTimeout = 0;
                command.CommandText = statement.Sql;
                for (var i = 1; i <= statement.Arguments.Length; i++)
                {
                    var parameter = command.CreateParameter();
                    if (dialect == ReadDialect.Sqlite)
                        parameter.ParameterName = $"${i}";
                    command.Parameters.Add(parameter);
                }
            }
            for (var i = 0; i < statement.Arguments.Length; i++)
                command.Parameters[i].Value = dialect.Parameter(statement.Arguments[i]);
            return command;
        }
    }
}
