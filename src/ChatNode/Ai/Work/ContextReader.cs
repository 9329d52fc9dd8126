using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ChatNode.Ai.Work;

/// <summary>Completes what the chat told of itself: earlier messages from the read tables, and names.</summary>
/// <param name="profileName">The display name of a user that the read tables do not know yet; null if nobody knows.</param>
public sealed class ContextReader(
    IChatReader reader,
    Func<UserId, CancellationToken, Task<string?>> profileName,
    int earlierLines
)
{
    public IChatReader Reader => reader;

    /// <summary>The messages that the run is about, as the asker may see them now, oldest first, none deleted.</summary>
    /// <param name="replyLines">How many of the newest a reply is given.</param>
    /// <exception cref="TimeoutException">The read tables are too far behind.</exception>
    public async Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        AiProtocol.Context context,
        int replyLines,
        CancellationToken cancel
    )
    {
        var recent = context.Lines.Where(m => !m.Deleted).ToList();
        var isReply = context.Run.Kind == AiRunKind.Reply;
        // A run's first number is the first that its asker may see.
        var from = isReply ? context.Run.FromSeq : context.EarlierFrom;
        var to = context.Lines.Count > 0 ? context.Lines[0].Seq - 1 : long.MaxValue;
        var take = isReply ? Math.Min(earlierLines, replyLines - recent.Count) : earlierLines;
        if (from is not { } first || first > to || take <= 0)
            return recent;
        var earlier = await reader.MessagesAsync(
            context.Chat,
            new RestOfPage(first, to, take, NewestFirst: true, context.Version),
            cancel
        );
        return [.. earlier.Where(m => !m.Deleted).OrderBy(m => m.Seq), .. recent];
    }

    /// <summary>The messages with their authors' names, and the asker's name.</summary>
    public async Task<(IReadOnlyList<TranscriptLine> Lines, string AskerName)> WithNamesAsync(
        IReadOnlyList<ChatMessage> messages,
        UserId asker,
        CancellationToken cancel
    )
    {
        var users = messages.Select(m => m.Sender).Append(asker).Where(u => !u.IsAssistant).Distinct().ToList();
        var names = new Dictionary<UserId, string>(await reader.NamesAsync(users, cancel));
        foreach (var user in users.Where(u => !names.ContainsKey(u)))
            names[user] = await profileName(user, cancel) ?? ShortName(user);
        names[UserId.Assistant] = UserId.AssistantName;
        return ([.. messages.Select(m => LineOf(m, names[m.Sender]))], names[asker]);
    }

    private static TranscriptLine LineOf(ChatMessage m, string name) =>
        new(m.Seq, m.Sender.Value, name, m.IsAi, m.At, Attachment.Transcript(m.Text, m.Attachments), m.ReplyTo);

    private static string ShortName(UserId user) => "user-" + user.ToString()[^8..];
}
