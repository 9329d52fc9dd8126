using ChatAi.ChatNode.Projections;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace ChatAi.ChatNode.ReadModel;

/// <summary>Answers from the read tables. Every query is a range of an index, whatever the size of the tables.</summary>
public sealed class SqlChatReader(ReadStore store, ProjectionProgress progress, TimeProvider time) : IChatReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The projection may run on another node, which sends no signal.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    private static readonly string Assistant = UserId.Assistant.ToString();

    // The number must stand in the statement, not in a parameter, for the partial index to be used.
    private static readonly string Stale =
        $"SELECT id FROM chats WHERE unsummarized > {Limits.SummaryEvery} AND ai_enabled = TRUE "
        + "ORDER BY unsummarized DESC LIMIT ";

    public Task<ChatMessage?> FindByCidAsync(
        ChatId chat,
        UserId sender,
        ClientMessageId cid,
        long minHead,
        CancellationToken cancel
    )
    {
        var (chatId, senderId, clientId) = (chat.ToString(), sender.ToString(), cid.ToString());
        return ReadAsync(
            chat,
            minHead,
            0,
            async (db, token) =>
                OrNull(
                    await db
                        .Messages.Where(m => m.ChatId == chatId && m.SenderId == senderId && m.Cid == clientId)
                        .FirstOrDefaultAsync(token)
                ),
            cancel
        );
    }

    public Task<ChatMessage?> FindBySeqAsync(ChatId chat, long seq, long minHead, CancellationToken cancel)
    {
        var id = chat.ToString();
        return ReadAsync(
            chat,
            minHead,
            0,
            async (db, token) =>
                OrNull(await db.Messages.Where(m => m.ChatId == id && m.Seq == seq).FirstOrDefaultAsync(token)),
            cancel
        );
    }

    public Task<IReadOnlyList<ChatMessage>> QuotingAsync(
        ChatId chat,
        long seq,
        long minHead,
        CancellationToken cancel
    ) =>
        ReadAsync<IReadOnlyList<ChatMessage>>(
            chat,
            minHead,
            0,
            async (db, token) =>
            {
                var found = new SortedDictionary<long, ChatMessage>();
                var sources = new Queue<long>([seq]);
                while (sources.TryDequeue(out var source))
                    foreach (var row in await CitingAsync(db, chat, source, token))
                        if (found.TryAdd(row.Seq, RowValues.MessageOf(row)))
                            sources.Enqueue(row.Seq);
                return [.. found.Values];
            },
            cancel
        );

    // The numbers stand in the column as [4,7,12].
    private static Task<List<MessageRow>> CitingAsync(ReadDb db, ChatId chat, long cited, CancellationToken cancel)
    {
        var id = chat.ToString();
        var (only, first, last, inner) = ($"[{cited}]", $"[{cited},", $",{cited}]", $",{cited},");
        return db
            .Messages.Where(m => m.ChatId == id && m.Seq > cited && m.IsAi && !m.Deleted && m.Cites != null)
            .Where(m =>
                m.Cites == only
                || m.Cites!.StartsWith(first, StringComparison.Ordinal)
                || m.Cites.EndsWith(last, StringComparison.Ordinal)
                || m.Cites.Contains(inner, StringComparison.Ordinal)
            )
            .ToListAsync(cancel);
    }

    public Task<int> CountUnreadAsync(
        ChatId chat,
        UserId user,
        long after,
        long upto,
        long minHead,
        CancellationToken cancel
    )
    {
        var (id, reader) = (chat.ToString(), user.ToString());
        return ReadAsync(
            chat,
            minHead,
            0,
            (db, token) =>
                db
                    .Messages.Where(m => m.ChatId == id && m.Seq > after && m.Seq <= upto)
                    .CountAsync(m => m.SenderId != reader && !m.Deleted, token),
            cancel
        );
    }

    public Task<IReadOnlyList<ChatMessage>> MessagesAsync(ChatId chat, RestOfPage page, CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<ChatMessage>>(
            chat,
            0,
            page.Version,
            async (db, token) => [.. (await PageAsync(db, chat, page, token)).Select(RowValues.MessageOf)],
            cancel
        );

    public Task<IReadOnlyList<ChatMessage>> MessagesAsync(
        ChatId chat,
        IReadOnlyList<long> seqs,
        long version,
        CancellationToken cancel
    ) =>
        ReadAsync<IReadOnlyList<ChatMessage>>(
            chat,
            0,
            version,
            async (db, token) =>
            {
                var id = chat.ToString();
                var found = await db.Messages.Where(m => m.ChatId == id && seqs.Contains(m.Seq)).ToListAsync(token);
                return [.. found.OrderBy(m => m.Seq).Select(RowValues.MessageOf)];
            },
            cancel
        );

    public Task<IReadOnlyList<SummaryBlock>> BlocksAsync(
        ChatId chat,
        int level,
        IReadOnlyList<long> firsts,
        long version,
        CancellationToken cancel
    ) =>
        ReadAsync<IReadOnlyList<SummaryBlock>>(
            chat,
            0,
            version,
            async (db, token) =>
            {
                var (id, version1) = (chat.ToString(), BlockMaker.Version);
                var found = await db
                    .Blocks.Where(b => b.ChatId == id && b.Level == level && firsts.Contains(b.FirstSeq))
                    .Where(b => b.PromptVersion == version1)
                    .ToListAsync(token);
                return [.. found.OrderBy(b => b.FirstSeq).Select(RowValues.BlockOf)];
            },
            cancel
        );

    public Task<IReadOnlyList<INumberedChatEvent>> EventsAsync(
        ChatId chat,
        RestOfPage page,
        CancellationToken cancel
    ) =>
        ReadAsync<IReadOnlyList<INumberedChatEvent>>(
            chat,
            0,
            page.Version,
            async (db, token) =>
            {
                var id = chat.ToString();
                var events = db.Events.Where(e => e.ChatId == id && e.Seq >= page.From && e.Seq <= page.To);
                events = page.NewestFirst ? events.OrderByDescending(e => e.Seq) : events.OrderBy(e => e.Seq);
                var others = await events.Take(page.Take).ToListAsync(token);
                var messages = await PageAsync(db, chat, page, token);
                var all = messages.Select(SentOf).Concat(others.Select(EventOf)).OrderBy(e => e.Seq);
                return [.. page.NewestFirst ? all.TakeLast(page.Take) : all.Take(page.Take)];
            },
            cancel
        );

    public Task<IReadOnlyList<ChatView>> ChatsAsync(
        UserId user,
        int limit,
        ChatCursor? before,
        CancellationToken cancel
    )
    {
        var id = user.ToString();
        return store.RunAsync<IReadOnlyList<ChatView>>(
            async (db, token) =>
            {
                var members = db.Members.Where(m => m.UserId == id);
                if (before is not null)
                {
                    var (at, chat) = (before.LastMessageAt, before.Chat.ToString());
                    // The first half is the range of the index; the second only steps over ties.
                    members = members.Where(m =>
                        m.LastMessageAt <= at && (m.LastMessageAt < at || m.ChatId.CompareTo(chat) > 0)
                    );
                }
                var rows = await members
                    .InnerJoin(db.Chats, (m, c) => m.ChatId == c.Id, (m, c) => new { Member = m, Chat = c })
                    .OrderByDescending(r => r.Member.LastMessageAt)
                    .ThenBy(r => r.Member.ChatId)
                    .Take(limit)
                    .ToListAsync(token);
                return [.. rows.Select(r => ViewOf(r.Member, r.Chat))];
            },
            cancel
        );
    }

    public Task<IReadOnlyDictionary<UserId, string>> NamesAsync(
        IReadOnlyCollection<UserId> users,
        CancellationToken cancel
    )
    {
        var ids = users.Where(user => !user.IsAssistant).Select(user => user.ToString()).Distinct().ToList();
        return store.RunAsync<IReadOnlyDictionary<UserId, string>>(
            async (db, token) =>
            {
                var names = new Dictionary<UserId, string>();
                if (users.Contains(UserId.Assistant))
                    names[UserId.Assistant] = UserId.AssistantName;
                if (ids.Count == 0)
                    return names;
                var found = db.Users.Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.DisplayName });
                foreach (var row in await found.ToListAsync(token))
                    names[new UserId(Guid.Parse(row.Id))] = row.DisplayName;
                return names;
            },
            cancel
        );
    }

    public Task<AiRunRow?> RunAsync(RunId run, CancellationToken cancel)
    {
        var id = run.ToString();
        return store.RunAsync(
            async (db, token) =>
                await db.Runs.Where(r => r.Id == id).FirstOrDefaultAsync(token) is { } row
                    ? RowValues.RunOf(row)
                    : null,
            cancel
        );
    }

    public Task<AiRunRow?> RunAsync(ChatId chat, RunId run, long version, CancellationToken cancel)
    {
        var (chatId, id) = (chat.ToString(), run.ToString());
        return ReadAsync(
            chat,
            0,
            version,
            async (db, token) =>
                await db.Runs.Where(r => r.ChatId == chatId && r.Id == id).FirstOrDefaultAsync(token) is { } row
                    ? RowValues.RunOf(row)
                    : null,
            cancel
        );
    }

    public Task<IReadOnlyList<AiRunRow>> RunsOfAsync(
        ChatId chat,
        UserId by,
        RunId? after,
        int limit,
        long version,
        CancellationToken cancel
    )
    {
        var (chatId, asker, last) = (chat.ToString(), by.ToString(), after?.ToString() ?? "");
        // Ids begin with the time of their making.
        const string sql =
            "SELECT * FROM ai_runs WHERE chat_id = @chat AND id > @last AND asked_by = @asker ORDER BY id LIMIT ";
        return ReadAsync<IReadOnlyList<AiRunRow>>(
            chat,
            0,
            version,
            async (db, token) =>
            {
                var rows = await db.QueryToListAsync<RunRow>(
                    sql + limit,
                    token,
                    new DataParameter("chat", chatId),
                    new DataParameter("last", last),
                    new DataParameter("asker", asker)
                );
                return [.. rows.Select(RowValues.RunOf)];
            },
            cancel
        );
    }

    public Task<IReadOnlyList<AiRunRow>> OpenRunsAsync(int limit, CancellationToken cancel) =>
        store.RunAsync<IReadOnlyList<AiRunRow>>(
            async (db, token) =>
            {
                var open = db.Runs.Where(r => r.EndedAt == null).OrderBy(r => r.RequestedAt).ThenBy(r => r.Id);
                return [.. (await open.Take(limit).ToListAsync(token)).Select(RowValues.RunOf)];
            },
            cancel
        );

    public Task<IReadOnlyList<ChatId>> StaleSummariesAsync(int limit, CancellationToken cancel) =>
        store.RunAsync<IReadOnlyList<ChatId>>(
            async (db, token) =>
            {
                var ids = await db.QueryToListAsync<string>(Stale + limit, token);
                return [.. ids.Select(id => new ChatId(Guid.Parse(id)))];
            },
            cancel
        );

    /// <summary>Answers once the tables have come as far as asked.</summary>
    private async Task<T> ReadAsync<T>(
        ChatId chat,
        long head,
        long version,
        Func<ReadDb, CancellationToken, Task<T>> query,
        CancellationToken cancel
    )
    {
        var id = chat.ToString();
        var started = time.GetTimestamp();
        while (true)
        {
            using var watch = progress.WatchFor(chat);
            var (isThere, answer) = await store.RunAsync(
                async (db, token) =>
                    await IsThereAsync(db, id, head, version, token)
                        ? (true, await query(db, token))
                        : (false, default(T)!),
                cancel
            );
            if (isThere)
                return answer;
            var left = Patience - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw new TimeoutException($"The read tables of chat {chat} have not come up to version {version}.");
            await Task.WhenAny(watch.Changed, Task.Delay(left < LookAgain ? left : LookAgain, time, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private static async Task<bool> IsThereAsync(
        ReadDb db,
        string chat,
        long head,
        long version,
        CancellationToken cancel
    )
    {
        if (head <= 0 && version <= 0)
            return true;
        var row = await db
            .Chats.Where(c => c.Id == chat)
            .Select(c => new { c.Head, c.Version })
            .FirstOrDefaultAsync(cancel);
        return row is not null && row.Head >= head && row.Version >= version;
    }

    private static Task<List<MessageRow>> PageAsync(ReadDb db, ChatId chat, RestOfPage page, CancellationToken cancel)
    {
        var id = chat.ToString();
        var messages = db.Messages.Where(m => m.ChatId == id && m.Seq >= page.From && m.Seq <= page.To);
        messages = page.NewestFirst ? messages.OrderByDescending(m => m.Seq) : messages.OrderBy(m => m.Seq);
        return messages.Take(page.Take).ToListAsync(cancel);
    }

    private static ChatMessage? OrNull(MessageRow? row) => row is null ? null : RowValues.MessageOf(row);

    private static INumberedChatEvent SentOf(MessageRow row)
    {
        var m = RowValues.MessageOf(row);
        return new ChatEvents.MessageSent(m.Seq, m.Id, m.Sender, m.IsAi, m.Text, m.Cid, m.ReplyTo, m.Run, m.Cites, m.At)
        {
            Attachments = m.Attachments,
        };
    }

    private static INumberedChatEvent EventOf(EventRow row)
    {
        var e = (INumberedChatEvent)JournalCodec.Current.FromBytes(row.Payload, row.Manifest);
        return e is ChatEvents.MessageEdited edited ? edited with { Text = row.EditedText ?? "" } : e;
    }

    private static ChatView ViewOf(MemberRow member, ChatRow chat) =>
        new(
            new ChatId(Guid.Parse(chat.Id)),
            RowValues.ChatTypeOf(chat.Type),
            chat.Title,
            chat.LastMessageAt,
            chat.LastMessagePreview,
            chat.Head,
            member.Recv,
            member.Read,
            (int)member.Unread,
            member.Muted,
            member.Archived,
            member.Pinned,
            chat.AiEnabled,
            member.PeerId is null ? null : new UserId(Guid.Parse(member.PeerId)),
            chat.Version,
            null,
            RowValues.SummonOf(chat.AiSummon),
            chat.AiUnasked || member.PeerId == Assistant
        );
}
