using System.Data.Common;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Sharding;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ChatAi.ChatNode.Projections;

/// <summary>A chat's rows after a batch: what a waiting reader wants to know.</summary>
public sealed record ChatAdvance(ChatId Chat, long Head, long Version);

/// <summary>What of push the projection must know.</summary>
/// <param name="Delay">How long a message waits before its outbox row is looked at: most are read or received by then.</param>
/// <param name="Site">The site itself hears of every message, besides the devices that subscribed.</param>
public sealed record PushRules(TimeSpan Delay, bool Site);

/// <summary>Finds events of one entity that a batch lacks; empty where the journal never had them.</summary>
public delegate Task<IReadOnlyList<JournalEntry>> MissingEvents(
    string persistenceId,
    long from,
    long to,
    CancellationToken cancel
);

/// <summary>From where to where a batch moves its slice's offset.</summary>
public sealed record OffsetMove(long From, long To);

/// <summary>Another owner of the slice has moved its offset, or the slice is no more: nothing was applied.</summary>
public sealed class SliceTakenException(string name, long? position)
    : Exception(
        position is null
            ? $"'{name}' has no offset: the journal is projected in another number of slices now."
            : $"'{name}' is at {position} already: it is projected by another node, too."
    );

/// <summary>
/// Applies batches of events to the read tables: rows and offset in one transaction, so that each event counts once,
/// however often it is delivered and wherever the process dies. One caller at a time; where a slice has two owners for
/// a moment, the lock on its offset lets one through and the other finds the offset moved.
/// </summary>
/// <param name="push">Null: nobody is told of the messages, as in a rebuild.</param>
public sealed class ProjectionWriter(ReadStore store, MissingEvents missing, Slice slice, PushRules? push = null)
    : IAsyncDisposable
{
    /// <summary>At most; a page is kept once it was needed.</summary>
    private const int SqliteCacheKilobytes = 65_536;

    private const string SelectChat = """
        SELECT c.id, c.type, c.title, c.created_at, c.last_message_at, c.last_message_preview, c.last_message_seq,
          c.head, c.version, c.ai_enabled, c.ai_messages, c.human_messages, c.unsummarized, c.summary_version,
          c.ai_summon, c.ai_unasked, s.from_seq, s.latest_summarized_seq
        FROM chats c LEFT JOIN ai_cache_contexts s ON s.chat_id = c.id
        WHERE c.id = $1
        """;

    private const string SelectMessage = """
        SELECT chat_id, seq, id, sender_id, is_ai, content, created_at, cid, reply_to, edited_at, deleted, reactions,
          run_id, cites, attachments
        FROM messages WHERE chat_id = $1 AND seq = $2
        """;

    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private DbConnection? _connection;

    /// <summary>The ordering number up to which the rows include the journal; 0 for nothing.</summary>
    public Task<long> PositionAsync(CancellationToken cancel) =>
        InSessionAsync(session => PositionAsync(session, cancel), cancel);

    /// <summary>Applies a batch wherever the offset is; for the only writer there is, such as a rebuild.</summary>
    /// <param name="batch">By rising ordering.</param>
    public Task<IReadOnlyList<ChatAdvance>> ApplyAsync(IReadOnlyList<JournalEntry> batch, CancellationToken cancel) =>
        batch.Count == 0
            ? Task.FromResult<IReadOnlyList<ChatAdvance>>([])
            : ApplyAsync(batch, null, batch[^1].Ordering, cancel);

    /// <summary>Applies a batch (it may be empty) if the offset is where the caller believes it is.</summary>
    /// <param name="batch">The slice's events in the range of the move, by rising ordering.</param>
    /// <returns>Where the batch left its chats.</returns>
    /// <exception cref="SliceTakenException">The offset is somewhere else.</exception>
    public Task<IReadOnlyList<ChatAdvance>> ApplyAsync(
        IReadOnlyList<JournalEntry> batch,
        OffsetMove move,
        CancellationToken cancel
    ) => ApplyAsync(batch, move.From, move.To, cancel);

    private Task<IReadOnlyList<ChatAdvance>> ApplyAsync(
        IReadOnlyList<JournalEntry> batch,
        long? from,
        long to,
        CancellationToken cancel
    ) =>
        InSessionAsync(
            async session =>
            {
                var position = await PositionAsync(session, cancel);
                if (from is not null && from != position)
                    throw new SliceTakenException(slice.OffsetName, position);
                return await ApplyAsync(session, batch, Math.Max(position, to), cancel);
            },
            cancel
        );

    private async Task<T> InSessionAsync<T>(Func<IWriteSession, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            await using var session = await BeginAsync(cancel);
            return await work(session);
        }
        catch
        {
            // Whatever state the connection is in, the next session starts with a new one.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _prepared.Values)
            await command.DisposeAsync();
        _prepared.Clear();
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<ChatAdvance>> ApplyAsync(
        IWriteSession session,
        IReadOnlyList<JournalEntry> batch,
        long to,
        CancellationToken cancel
    )
    {
        var chats = await LoadAsync(session, batch, cancel);
        batch = await CompleteAsync(batch, chats, cancel);
        var targets = await session.QueryAsync(
            SelectMessage,
            [.. ProjectionMapper.Targets(batch).Select(t => new object?[] { t.Chat.ToString(), t.Seq })],
            reader => (Chat: IdOf(reader), Message: RowValues.MessageOf(MessageOf(reader))),
            cancel
        );
        foreach (var group in targets.GroupBy(t => t.Chat))
            chats[group.Key] = chats[group.Key] with
            {
                Targets = group.ToDictionary(t => t.Message.Seq, t => t.Message),
            };

        var advances = new List<ChatAdvance>(chats.Count);
        foreach (var change in ProjectionMapper.Map(batch, chats))
        {
            if (change is not RowChange.EnqueuePush enqueue)
                RowStatements.Execute(session, change);
            else if (push is not null)
                RowStatements.Enqueue(session, enqueue, push);
            if ((change as RowChange.InsertChat)?.Row is { } inserted)
                advances.Add(AdvanceOf(inserted));
            else if ((change as RowChange.UpdateChat)?.Row is { } updated)
                advances.Add(AdvanceOf(updated));
        }
        session.Execute("UPDATE projection_offsets SET position = $2 WHERE name = $1", slice.OffsetName, to);
        await session.CommitAsync(cancel);
        return advances;
    }

    private static ChatAdvance AdvanceOf(ChatRow row) => new(new ChatId(Guid.Parse(row.Id)), row.Head, row.Version);

    private async Task<Dictionary<ChatId, LoadedChat>> LoadAsync(
        IWriteSession session,
        IReadOnlyList<JournalEntry> batch,
        CancellationToken cancel
    )
    {
        var ids = ProjectionMapper.Chats(batch);
        var rows = await session.QueryAsync(
            SelectChat,
            [.. ids.Select(id => new object?[] { id.ToString() })],
            LoadedOf,
            cancel
        );
        var chats = ids.ToDictionary(id => id, _ => LoadedChat.None);
        foreach (var row in rows)
            chats[new ChatId(Guid.Parse(row.Row!.Id))] = row;
        return chats;
    }

    /// <summary>
    /// The journal's stream is ordered by commit only as far as its gap detection sees. A chat's own numbers show
    /// whether something was passed over; it is fetched before it is too late.
    /// </summary>
    private async Task<IReadOnlyList<JournalEntry>> CompleteAsync(
        IReadOnlyList<JournalEntry> batch,
        Dictionary<ChatId, LoadedChat> chats,
        CancellationToken cancel
    )
    {
        var versions = chats.ToDictionary(c => ShardNames.PersistenceId(c.Key), c => c.Value.Version);
        List<JournalEntry>? complete = null;
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            if (versions.TryGetValue(entry.PersistenceId, out var version))
            {
                if (entry.SequenceNr > version + 1)
                {
                    complete ??= [.. batch.Take(i)];
                    complete.AddRange(await missing(entry.PersistenceId, version + 1, entry.SequenceNr - 1, cancel));
                }
                versions[entry.PersistenceId] = Math.Max(version, entry.SequenceNr);
            }
            complete?.Add(entry);
        }
        return complete ?? batch;
    }

    private async Task<long> PositionAsync(IWriteSession session, CancellationToken cancel)
    {
        var positions = await session.QueryAsync(
            "SELECT position FROM projection_offsets WHERE name = $1" + store.Dialect.ForUpdate,
            [
                [slice.OffsetName],
            ],
            reader => reader.GetInt64(0),
            cancel
        );
        return positions is [var position] ? position : throw new SliceTakenException(slice.OffsetName, null);
    }

    private async Task<IWriteSession> BeginAsync(CancellationToken cancel)
    {
        await store.MigratedAsync();
        _connection ??= await OpenAsync(cancel);
        return _connection is NpgsqlConnection postgres
            ? await PostgresWriteSession.BeginAsync(postgres, cancel)
            : new SqliteWriteSession((SqliteConnection)_connection, _prepared);
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = await store.OpenAsync(cancel);
        if (connection is SqliteConnection sqlite)
        {
            // The default of 2 MB would have a batch go to the disk and back before it is committed.
            await using var command = sqlite.CreateCommand();
            command.CommandText = $"PRAGMA cache_size = -{SqliteCacheKilobytes}";
            await command.ExecuteNonQueryAsync(cancel);
        }
        return connection;
    }

    private LoadedChat LoadedOf(DbDataReader reader) =>
        new(
            new ChatRow
            {
                Id = reader.GetString(0),
                Type = reader.GetString(1),
                Title = TextOrNull(reader, 2),
                CreatedAt = store.Dialect.TimeOf(reader, 3),
                LastMessageAt = store.Dialect.TimeOf(reader, 4),
                LastMessagePreview = TextOrNull(reader, 5),
                LastMessageSeq = reader.GetInt64(6),
                Head = reader.GetInt64(7),
                Version = reader.GetInt64(8),
                AiEnabled = reader.GetBoolean(9),
                AiMessages = reader.GetInt64(10),
                HumanMessages = reader.GetInt64(11),
                Unsummarized = reader.GetInt64(12),
                SummaryVersion = reader.GetInt64(13),
                AiSummon = reader.GetString(14),
                AiUnasked = reader.GetBoolean(15),
            },
            reader.IsDBNull(16) ? null : (reader.GetInt64(16), reader.GetInt64(17)),
            LoadedChat.None.Targets
        );

    private MessageRow MessageOf(DbDataReader reader) =>
        new()
        {
            ChatId = reader.GetString(0),
            Seq = reader.GetInt64(1),
            Id = reader.GetString(2),
            SenderId = reader.GetString(3),
            IsAi = reader.GetBoolean(4),
            Content = reader.GetString(5),
            CreatedAt = store.Dialect.TimeOf(reader, 6),
            Cid = reader.GetString(7),
            ReplyTo = reader.IsDBNull(8) ? null : reader.GetInt64(8),
            EditedAt = reader.IsDBNull(9) ? null : store.Dialect.TimeOf(reader, 9),
            Deleted = reader.GetBoolean(10),
            Reactions = TextOrNull(reader, 11),
            RunId = TextOrNull(reader, 12),
            Cites = TextOrNull(reader, 13),
            Attachments = TextOrNull(reader, 14),
        };

    private static ChatId IdOf(DbDataReader reader) => new(Guid.Parse(reader.GetString(0)));

    private static string? TextOrNull(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}
