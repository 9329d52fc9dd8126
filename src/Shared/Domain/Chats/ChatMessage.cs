using ChatAi.Shared.Domain.Ai;

namespace ChatAi.Shared.Domain.Chats;

/// <summary>A message as it stands now, with every edit, reaction and deletion applied.</summary>
/// <param name="Text">Empty when <paramref name="Deleted"/>.</param>
/// <param name="Reactions">At most one emoji a user; empty for none.</param>
public sealed record ChatMessage(
    long Seq,
    MessageId Id,
    UserId Sender,
    bool IsAi,
    string Text,
    ClientMessageId Cid,
    DateTimeOffset At,
    long? ReplyTo,
    DateTimeOffset? EditedAt,
    bool Deleted,
    IReadOnlyDictionary<UserId, string> Reactions,
    RunId? Run,
    IReadOnlyList<long> Cites
)
{
    public static readonly IReadOnlyDictionary<UserId, string> NoReactions = new Dictionary<UserId, string>();

    /// <summary>Empty for none, and when <see cref="Deleted"/>.</summary>
    public IReadOnlyList<Attachment> Attachments { get; init; } = [];

    /// <summary>How much of a memory's bound it takes, in UTF-16 units.</summary>
    public int Chars => Text.Length + Attachments.Sum(a => a.Chars);

    public static ChatMessage From(ChatEvents.MessageSent e) =>
        new(e.Seq, e.Id, e.Sender, e.IsAi, e.Text, e.Cid, e.At, e.ReplyTo, null, false, NoReactions, e.Run, e.Cites)
        {
            Attachments = e.Attachments,
        };

    public ChatMessage Apply(ChatEvents.MessageEdited e) =>
        this with
        {
            Text = e.Text,
            EditedAt = e.At,
            Cites = e.By.IsAssistant ? CitesIn(e.Text) : Cites,
        };

    // A quote was taken out of an answer: what it cited there is cited no longer.
    private List<long> CitesIn(string text)
    {
        var left = QuoteRedaction.CitesOf(text);
        return [.. Cites.Where(left.Contains)];
    }

    public ChatMessage Apply(ChatEvents.MessageDeleted _) =>
        this with
        {
            Text = "",
            Deleted = true,
            Reactions = NoReactions,
            Cites = [],
            Attachments = [],
        };

    public ChatMessage Apply(ChatEvents.MessageReacted e)
    {
        var reactions = new Dictionary<UserId, string>(Reactions);
        if (e.Emoji is null)
            reactions.Remove(e.By);
        else
            reactions[e.By] = e.Emoji;
        return this with { Reactions = reactions };
    }
}
