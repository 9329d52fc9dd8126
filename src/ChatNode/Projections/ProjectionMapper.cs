using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Sharding;

namespace ChatAi.ChatNode.Projections;

/// <summary>From events to row changes: pure. Events of kinds that no table shows (phones) change nothing.</summary>
public static class ProjectionMapper
{
    /// <summary>The chats of the batch, each once, in the order of their first event.</summary>
    public static IReadOnlyList<ChatId> Chats(IReadOnlyList<JournalEntry> batch)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var chats = new List<ChatId>();
        foreach (var entry in batch)
            if (entry.Event is IChatEvent && seen.Add(entry.PersistenceId))
                chats.Add(ChatOf(entry));
        return chats;
    }

    /// <summary>Messages that the batch edits, deletes or reacts to; those it brings itself are not in the tables yet.</summary>
    public static IReadOnlyCollection<(ChatId Chat, long Seq)> Targets(IReadOnlyList<JournalEntry> batch)
    {
        var targets = new HashSet<(ChatId, long)>();
        foreach (var entry in batch)
            if (TargetOf(entry.Event) is { } target)
                targets.Add((ChatOf(entry), target));
        return targets;
    }

    /// <param name="batch">By rising ordering; one entity's events without gaps.</param>
    /// <param name="loaded">What the tables have of the batch's chats.</param>
    /// <returns>In the order in which they must be applied.</returns>
    public static IReadOnlyList<RowChange> Map(
        IReadOnlyList<JournalEntry> batch,
        IReadOnlyDictionary<ChatId, LoadedChat> loaded
    )
    {
        var changes = new List<RowChange>(batch.Count * 2);
        var folds = new Dictionary<string, ChatFold>(StringComparer.Ordinal);
        foreach (var entry in batch)
        {
            if (entry.Event is IChatEvent chatEvent)
            {
                if (!folds.TryGetValue(entry.PersistenceId, out var fold))
                {
                    var chat = ChatOf(entry);
                    folds[entry.PersistenceId] = fold = new ChatFold(
                        chat,
                        loaded.GetValueOrDefault(chat, LoadedChat.None)
                    );
                }
                fold.Apply(entry.SequenceNr, chatEvent);
            }
            else if (entry.Event is IUserEvent userEvent && UserChange(entry, userEvent) is { } change)
            {
                changes.Add(change);
            }
        }
        foreach (var fold in folds.Values)
            changes.AddRange(fold.Finish());
        return changes;
    }

    // A row takes no event that is not newer than itself.
    private static RowChange? UserChange(JournalEntry entry, IUserEvent e)
    {
        var user =
            ShardNames.UserOf(entry.PersistenceId)
            ?? throw new InvalidOperationException($"'{entry.PersistenceId}' is not the journal of a user.");
        return e switch
        {
            UserEvents.UserRegistered registered => new RowChange.PutUser(
                new UserRow
                {
                    Id = user.ToString(),
                    PhoneNumber = registered.PhoneNumber,
                    DisplayName = registered.DisplayName,
                    LastActiveAt = registered.At,
                    Version = entry.SequenceNr,
                }
            ),
            UserEvents.ProfileChanged changed => new RowChange.RenameUser(user, changed.DisplayName, entry.SequenceNr),
            UserEvents.DeviceAdded added => new RowChange.TouchUser(user, added.At, entry.SequenceNr),
            UserEvents.DeviceRevoked revoked => new RowChange.DropSubscription(user, revoked.Device),
            UserEvents.WentOffline offline => new RowChange.TouchUser(user, offline.At, entry.SequenceNr),
            _ => null,
        };
    }

    private static ChatId ChatOf(JournalEntry entry) =>
        ShardNames.ChatOf(entry.PersistenceId)
        ?? throw new InvalidOperationException($"'{entry.PersistenceId}' is not the journal of a chat.");

    private static long? TargetOf(object e) =>
        e switch
        {
            ChatEvents.MessageEdited edited => edited.Target,
            ChatEvents.MessageDeleted deleted => deleted.Target,
            ChatEvents.MessageReacted reacted => reacted.Target,
            _ => null,
        };
}
