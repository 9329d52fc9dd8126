using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;

namespace ChatAi.ChatNode.Gateway.Operations;

public sealed partial class ChatOperations
{
    public const int RunsPage = 100;

    /// <summary>What the caller asked of the assistant in a chat, oldest first, as it may be shown now.</summary>
    /// <param name="version">Of the chat: what it includes has reached the answer.</param>
    public async Task<Outcome<RunList>> RunsOfAsync(UserId by, ChatId chat, RunId? after, long version)
    {
        var read = reader.RunsOfAsync(chat, by, after, RunsPage, version, CancellationToken.None);
        if (await ReadAsync(read) is not { } rows)
            return Lagging;
        // The words of an answer that is a message are the message's, with what it cites.
        return new RunList([
            .. rows.Select(row => row.MessageSeq is null ? row : row with { Text = null, Cites = [] }),
        ]);
    }
}
