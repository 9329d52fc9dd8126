using System.Globalization;
using System.Text;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>A statement with the parameters <c>$1</c>, <c>$2</c> …</summary>
public sealed record SearchStatement(string Sql, params object?[] Arguments);

/// <summary>
/// The tables of the index of words and what writes to them, in the transaction that writes the messages. The words
/// come ready-made from <see cref="SearchCells"/>; neither database has a tokenizer of its own in it.
/// </summary>
public abstract class SearchTables
{
    public static readonly SearchTables Sqlite = new SqliteSearchTables();
    public static readonly SearchTables Postgres = new PostgresSearchTables();

    /// <summary>Of both databases, in an order in which they can be dropped.</summary>
    public static readonly IReadOnlyList<string> All = ["message_search", "message_times", "search_chats"];

    public abstract string Tables { get; }

    /// <summary>What a rebuild makes when the rows are there.</summary>
    public abstract string Indexes { get; }

    public abstract IReadOnlyList<SearchStatement> Open(ChatId chat);

    /// <param name="at">Where it is before that of the message before, that one's counts.</param>
    public abstract IReadOnlyList<SearchStatement> Add(ChatId chat, long seq, DateTimeOffset at, string text);

    public abstract IReadOnlyList<SearchStatement> Replace(ChatId chat, long seq, string before, string after);
}

/// <summary>
/// FTS5 without the texts. A row's number is the chat's number and the message's, so that rows of a chat are a range and
/// come out newest first. <c>secure-delete</c> takes words out of the file for good, not only out of answers.
/// </summary>
internal sealed class SqliteSearchTables : SearchTables
{
    private const string Place = "number * 4294967296 + $2";

    public override string Tables =>
        """
            CREATE TABLE search_chats (
              number INTEGER PRIMARY KEY,
              chat_id text NOT NULL UNIQUE
            );
            CREATE TABLE message_times (
              place INTEGER PRIMARY KEY,
              at bigint NOT NULL
            );
            CREATE VIRTUAL TABLE message_search USING fts5(
              tokens, content='', columnsize=0, detail=full, tokenize="ascii tokenchars '.'"
            );
            INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);
            """;

    public override string Indexes => "SELECT 1";

    public override IReadOnlyList<SearchStatement> Open(ChatId chat) =>
        [new("INSERT INTO search_chats (chat_id) VALUES ($1)", chat.ToString())];

    public override IReadOnlyList<SearchStatement> Add(ChatId chat, long seq, DateTimeOffset at, string text)
    {
        var id = chat.ToString();
        var time = new SearchStatement(
            $"""
            INSERT INTO message_times (place, at)
            SELECT {Place}, max($3, COALESCE((SELECT at FROM message_times
              WHERE place < {Place} AND place > number * 4294967296 ORDER BY place DESC LIMIT 1), $3))
            FROM search_chats WHERE chat_id = $1
            """,
            id,
            seq,
            at.ToUnixTimeMilliseconds()
        );
        return TokensOf(chat, seq, text) is { Length: > 0 } tokens
            ?
            [
                time,
                new(
                    $"INSERT INTO message_search (rowid, tokens) SELECT {Place}, $3 FROM search_chats WHERE chat_id = $1",
                    id,
                    seq,
                    tokens
                ),
            ]
            : [time];
    }

    public override IReadOnlyList<SearchStatement> Replace(ChatId chat, long seq, string before, string after)
    {
        var statements = new List<SearchStatement>(2);
        if (TokensOf(chat, seq, before) is { Length: > 0 } old)
            statements.Add(
                new(
                    $"""
                    INSERT INTO message_search (message_search, rowid, tokens)
                    SELECT 'delete', {Place}, $3 FROM search_chats WHERE chat_id = $1
                    """,
                    chat.ToString(),
                    seq,
                    old
                )
            );
        if (TokensOf(chat, seq, after) is { Length: > 0 } tokens)
            statements.Add(
                new(
                    $"INSERT INTO message_search (rowid, tokens) SELECT {Place}, $3 FROM search_chats WHERE chat_id = $1",
                    chat.ToString(),
                    seq,
                    tokens
                )
            );
        return statements;
    }

    private static string TokensOf(ChatId chat, long seq, string text)
    {
        var prefix = SearchCells.Prefix(chat, SearchCells.Of(seq));
        return string.Join(' ', SearchCells.Terms(text).Select(term => term is null ? "." : prefix + term));
    }
}

/// <summary>
/// A <c>tsvector</c> a message under a GIN index. <c>fastupdate</c> is off: with it every question to the index would read
/// the list of what is not sorted in yet, and a search may ask for some thousand cells.
/// </summary>
internal sealed class PostgresSearchTables : SearchTables
{
    public override string Tables =>
        """
            CREATE TABLE message_search (
              chat_id {id} NOT NULL,
              seq bigint NOT NULL,
              at bigint NOT NULL,
              tokens tsvector NOT NULL,
              PRIMARY KEY (chat_id, seq)
            );
            """;

    public override string Indexes =>
        "CREATE INDEX message_search_tokens ON message_search USING gin (tokens) WITH (fastupdate = off)";

    public override IReadOnlyList<SearchStatement> Open(ChatId chat) => [];

    public override IReadOnlyList<SearchStatement> Add(ChatId chat, long seq, DateTimeOffset at, string text) =>
        [
            new(
                """
                INSERT INTO message_search (chat_id, seq, at, tokens)
                SELECT $1, $2, GREATEST($3, (SELECT at FROM message_search
                  WHERE chat_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT 1)), $4::text::tsvector
                """,
                chat.ToString(),
                seq,
                at.ToUnixTimeMilliseconds(),
                VectorOf(chat, seq, text)
            ),
        ];

    public override IReadOnlyList<SearchStatement> Replace(ChatId chat, long seq, string before, string after) =>
        [
            new(
                "UPDATE message_search SET tokens = $3::text::tsvector WHERE chat_id = $1 AND seq = $2",
                chat.ToString(),
                seq,
                VectorOf(chat, seq, after)
            ),
        ];

    // Terms hold letters, digits, marks and symbols only: nothing that the syntax of a vector knows.
    private static string VectorOf(ChatId chat, long seq, string text)
    {
        var prefix = SearchCells.Prefix(chat, SearchCells.Of(seq));
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var place = 0;
        foreach (var term in SearchCells.Terms(text))
        {
            place++;
            if (term is null)
                continue;
            if (!places.TryGetValue(term, out var list))
                places[term] = list = [];
            list.Add(place);
        }
        var vector = new StringBuilder();
        foreach (var (term, list) in places)
            vector.Append(CultureInfo.InvariantCulture, $"'{prefix}{term}':").AppendJoin(',', list).Append(' ');
        return vector.ToString();
    }
}
