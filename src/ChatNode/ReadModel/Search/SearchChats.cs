using System.Data.Common;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.ReadModel.Search;

/// <summary>A chat of the user's as far as the search needs it.</summary>
/// <param name="From">The first number that the user may see.</param>
/// <param name="LastAt">Nothing in it is newer; milliseconds.</param>
internal sealed record SearchedChat(ChatId Id, long From, long Head, long LastAt);

/// <summary>The chats that the user is in now, by their last message; or one of them.</summary>
internal sealed class SearchChats(ReadDialect dialect, DbConnection connection, UserId user, ChatId? only)
{
    private const string Columns = """
        SELECT m.chat_id, m.from_seq, c.head, m.last_message_at
        FROM chat_members m JOIN chats c ON c.id = m.chat_id
        """;

    private const string Order = " ORDER BY m.last_message_at DESC, m.chat_id LIMIT ";
    private const string One = Columns + " WHERE m.chat_id = @chat AND m.user_id = @user";
    private const string First = Columns + " WHERE m.user_id = @user" + Order;

    // The first half is the range of the index; the second only steps over ties.
    private const string Later =
        Columns
        + " WHERE m.user_id = @user AND m.last_message_at <= @at AND (m.last_message_at < @at OR m.chat_id > @chat)"
        + Order;

    private (DateTimeOffset At, string Chat)? _last;

    public async Task<IReadOnlyList<SearchedChat>> NextAsync(int most, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        Add(command, "@user", user.ToString());
        if (only is { } chat)
        {
            command.CommandText = One;
            Add(command, "@chat", chat.ToString());
        }
        else if (_last is { } last)
        {
            command.CommandText = Later + most;
            Add(command, "@at", dialect.Parameter(last.At));
            Add(command, "@chat", last.Chat);
        }
        else
            command.CommandText = First + most;
        var chats = new List<SearchedChat>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var at = dialect.TimeOf(reader, 3);
            _last = (at, reader.GetString(0));
            chats.Add(
                new SearchedChat(
                    new ChatId(Guid.Parse(reader.GetString(0))),
                    reader.GetInt64(1),
                    reader.GetInt64(2),
                    at.ToUnixTimeMilliseconds()
                )
            );
        }
        return chats;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
