using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ReadModel.Tests;

/// <summary>What the read tables promise, on either database; each has a subclass.</summary>
public abstract partial class ReadModelSpec : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private ReadDatabase? _database;

    protected World World { get; } = new();
    protected ReadDatabase Database => _database ?? throw new InvalidOperationException("Not started.");
    protected IChatReader Reader => Database.Reader;

    public async Task InitializeAsync() => _database = await CreateAsync();

    public async Task DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>Null where the database cannot be had; tests then skip.</summary>
    protected abstract Task<ReadDatabase?> CreateAsync();

    protected virtual void SkipUnlessAvailable() { }

    protected Task ProjectAsync(int batchSize = 64) => Database.ProjectAsync(World, batchSize);

    protected (ChatId Chat, UserId Ann, UserId Bob) TalkOf(int messages)
    {
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        var chat = World.NewDirect(ann, bob);
        for (var i = 0; i < messages; i++)
            World.Send(chat, i % 2 == 0 ? ann : bob, $"line {i}");
        return (chat, ann, bob);
    }

    [SkippableFact]
    public async Task Should_page_messages_from_both_ends()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(300);
        World.Execute(chat, new ChatCommands.EditMessage(ann, 2, "changed"));
        World.Execute(chat, new ChatCommands.DeleteMessage(ann, 4));
        World.Execute(chat, new ChatCommands.ReactToMessage(ann, 5, "👍"));
        await ProjectAsync();
        var all = World.Messages[chat].Values.ToList();

        var newest = await Reader.MessagesAsync(chat, new RestOfPage(1, 200, 50, true, World.VersionOf(chat)), None);
        Same(all.Where(m => m.Seq <= 200).Reverse().Take(50), newest);
        var oldest = await Reader.MessagesAsync(chat, new RestOfPage(1, 200, 50, false, 0), None);
        Same(all.Take(50), oldest);
        var last = await Reader.MessagesAsync(chat, new RestOfPage(290, 10_000, 50, false, 0), None);
        Same(all.Where(m => m.Seq >= 290), last);
        Assert.Equal("changed", oldest[0].Text);
        Assert.True(oldest[2] is { Deleted: true, Text: "" });
    }

    [SkippableFact]
    public async Task Should_walk_the_whole_history_by_keyset()
    {
        SkipUnlessAvailable();
        var (chat, _, _) = TalkOf(257);
        await ProjectAsync();
        var walked = new List<ChatMessage>();
        for (long to = long.MaxValue; ; to = walked[^1].Seq - 1)
        {
            var page = await Reader.MessagesAsync(chat, new RestOfPage(1, to, 50, true, 0), None);
            walked.AddRange(page);
            if (page.Count < 50)
                break;
        }
        Same(World.Messages[chat].Values.Reverse(), walked);
    }

    [SkippableFact]
    public async Task Should_list_durable_events_in_order_without_deleted_texts()
    {
        SkipUnlessAvailable();
        var (ann, bob, cai) = (World.NewUser("Ann"), World.NewUser("Bob"), World.NewUser("Cai"));
        var chat = World.NewGroup(ann, bob);
        var kept = World.Send(chat, ann, "kept");
        var secret = World.Send(chat, bob, "secret");
        World.Execute(chat, new ChatCommands.EditMessage(bob, secret, "still secret"));
        World.Execute(chat, new ChatCommands.EditMessage(ann, kept, "kept, changed"));
        World.Execute(chat, new ChatCommands.AddMembers(ann, [cai]));
        World.Execute(chat, new ChatCommands.DeleteMessage(bob, secret));
        World.Execute(chat, new ChatCommands.SetChat(ann, "New title", false, true, null, null));
        await ProjectAsync(batchSize: 3);

        var head = World.Chats[chat].Head;
        var events = await Reader.EventsAsync(chat, new RestOfPage(1, head, 100, false, World.VersionOf(chat)), None);
        Assert.Equal(Enumerable.Range(1, (int)head).Select(i => (long)i), events.Select(e => e.Seq));
        Assert.Equal("kept, changed", ((ChatEvents.MessageSent)events[(int)kept - 1]).Text);
        Assert.Equal("", ((ChatEvents.MessageSent)events[(int)secret - 1]).Text);
        var edits = events.OfType<ChatEvents.MessageEdited>().ToList();
        Assert.Equal([("", secret), ("kept, changed", kept)], edits.Select(e => (e.Text, e.Target)));
        foreach (var (expected, actual) in World.Events[chat].Zip(events))
            if (expected is not ChatEvents.MessageSent and not ChatEvents.MessageEdited)
                Assert.Equivalent(expected, actual, strict: true);
        Assert.DoesNotContain("secret", string.Join('\n', await Database.DumpAsync()), StringComparison.Ordinal);

        var tail = await Reader.EventsAsync(chat, new RestOfPage(1, head, 4, true, 0), None);
        Assert.Equal(events.TakeLast(4).Select(e => e.Seq), tail.Select(e => e.Seq));
        var middle = await Reader.EventsAsync(chat, new RestOfPage(3, 7, 3, false, 0), None);
        Assert.Equal([3L, 4, 5], middle.Select(e => e.Seq));
    }

    [SkippableFact]
    public async Task Should_list_conversations_newest_first_with_ties_and_cursor()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        var chats = new List<ChatId>();
        for (var i = 0; i < 23; i++)
        {
            var chat = World.NewGroup(ann, bob);
            chats.Add(chat);
            // Groups of chats with the very same time of their last message.
            var at = World.Now.Date.AddHours(12).AddMinutes(i / 5);
            World.Happen(
                chat,
                Sent(World.Chats[chat].Head + 1, bob, $"hello {i}", new DateTimeOffset(at, TimeSpan.Zero))
            );
        }
        var stranger = World.NewGroup(bob);
        World.Send(stranger, bob, "not for Ann");
        await ProjectAsync();

        var expected = chats
            .OrderByDescending(c => World.Chats[c].LastMessageAt)
            .ThenBy(c => c.ToString(), StringComparer.Ordinal)
            .ToList();
        var all = await Reader.ChatsAsync(ann, 100, null, None);
        Assert.Equal(expected, all.Select(c => c.Id));
        foreach (var limit in new[] { 1, 3, 4, 7 })
        {
            var walked = new List<ChatId>();
            for (ChatCursor? before = null; ; )
            {
                var page = await Reader.ChatsAsync(ann, limit, before, None);
                walked.AddRange(page.Select(c => c.Id));
                if (page.Count < limit)
                    break;
                before = new ChatCursor(page[^1].LastMessageAt, page[^1].Id);
            }
            Assert.Equal(expected, walked);
        }
    }

    [SkippableFact]
    public async Task Should_show_a_chat_as_its_member_sees_it()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(5);
        World.Execute(chat, new ChatCommands.Acknowledge(bob, 6, 3));
        World.Execute(chat, new ChatCommands.SetChat(bob, null, null, true, true, true));
        await ProjectAsync();

        var view = Assert.Single(await Reader.ChatsAsync(bob, 5, null, None));
        var state = World.Chats[chat];
        var member = state.MemberOrNull(bob)!;
        Assert.Equal((chat, ChatType.OneToOne, null), (view.Id, view.Type, view.Title));
        Assert.Equal(
            (state.LastMessageAt, "line 4", state.Head),
            (view.LastMessageAt, view.LastMessagePreview, view.Head)
        );
        Assert.Equal((member.Recv, member.Read, member.Unread), (view.Recv, view.Read, view.Unread));
        Assert.True(view is { Muted: true, Archived: true, Pinned: true, AiEnabled: true });
        Assert.Equal(ann, view.Peer);
        Assert.Equal(World.VersionOf(chat), view.Version);
        Assert.Equal(2, view.Unread);
    }

    [SkippableFact]
    public async Task Should_withdraw_private_answers_that_rest_on_a_changed_message()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(4);
        var runs = new List<RunId>();
        foreach (var (first, last) in new[] { (2L, 3L), (4L, 5L), (3L, 5L) })
        {
            World.Execute(chat, new ChatCommands.AskAssistant(ann, AiRunKind.CatchUp, "", true));
            var run = World.Chats[chat].Runs.Keys.Single();
            var p = new AiProvenance("t", "none", null, "t1", 0, first, last, 0, 0, World.Now, null);
            World.Execute(chat, new ChatCommands.CompleteRun(run, "secret", [first], p, 0, null));
            runs.Add(run);
        }
        await ProjectAsync();
        foreach (var run in runs)
            Assert.Equal("secret", (await Reader.RunAsync(chat, run, World.VersionOf(chat), None))?.Text);

        World.Execute(chat, new ChatCommands.DeleteMessage(ann, 2));
        await ProjectAsync();

        var after = new List<AiRunRow>();
        foreach (var run in runs)
            after.Add((await Reader.RunAsync(run, None))!);
        Assert.Equal([(null, true), ("secret", false), ("secret", false)], after.Select(r => (r.Text, r.Withdrawn)));
    }

    [SkippableFact]
    public async Task Should_find_the_answers_that_quote_a_message_and_those_that_quote_these()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(12);
        var first = Answer(2, 12);
        var second = Answer(first);
        Answer(12);
        await ProjectAsync();

        var quoting = await Reader.QuotingAsync(chat, 2, World.Chats[chat].Head, None);

        Assert.Equal([first, second], quoting.Select(m => m.Seq));

        long Answer(params long[] cites)
        {
            World.Execute(chat, new ChatCommands.AskAssistant(ann, AiRunKind.Reply, "what?", false));
            var run = World.Chats[chat].Runs.Keys.Single();
            var p = new AiProvenance("t", "none", null, "t1", 0, 2, 3, 0, 0, World.Now, null);
            World.Execute(chat, new ChatCommands.CompleteRun(run, "An answer.", cites, p, 0, null));
            return World.Chats[chat].Head;
        }
    }

    [SkippableFact]
    public async Task Should_find_single_messages_and_count_unread()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(10);
        var cid = new ClientMessageId(World.NewId());
        var seq = World.Send(chat, ann, "by cid", cid);
        World.Execute(chat, new ChatCommands.DeleteMessage(ann, seq));
        await ProjectAsync();
        var head = World.Chats[chat].Head;

        Assert.Equal(seq, (await Reader.FindByCidAsync(chat, ann, cid, head, None))?.Seq);
        Assert.Null(await Reader.FindByCidAsync(chat, bob, cid, head, None));
        Assert.Equal("line 0", (await Reader.FindBySeqAsync(chat, 2, head, None))?.Text);
        Assert.Null(await Reader.FindBySeqAsync(chat, 1, head, None));
        // Ann wrote 2, 4, 6, 8, 10 and the deleted 12.
        Assert.Equal(5, await Reader.CountUnreadAsync(chat, bob, 0, 12, head, None));
        Assert.Equal(2, await Reader.CountUnreadAsync(chat, bob, 2, 7, head, None));
    }

    [SkippableFact]
    public async Task Should_know_names()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        World.Execute(bob, new Shared.Domain.Users.UserCommands.ChangeProfile("Robert"));
        await ProjectAsync();
        var unknown = new UserId(World.NewId());
        var names = await Reader.NamesAsync([ann, bob, unknown, UserId.Assistant, ann], None);
        Assert.Equal(3, names.Count);
        Assert.Equal(("Ann", "Robert", "AI"), (names[ann], names[bob], names[UserId.Assistant]));
        Assert.Empty(await Reader.NamesAsync([], None));
    }

    [SkippableFact]
    public async Task Should_wait_for_the_projection_where_asked()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(3);
        await ProjectAsync();
        var seq = World.Send(chat, ann, "later");
        var waiting = Reader.FindBySeqAsync(chat, seq, seq, None);
        await ProjectAsync();
        Assert.Equal("later", (await waiting)?.Text);
    }

    [SkippableFact]
    public async Task Should_give_up_after_five_seconds()
    {
        SkipUnlessAvailable();
        var (chat, _, _) = TalkOf(3);
        await ProjectAsync();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider
        {
            AutoAdvanceAmount = TimeSpan.FromSeconds(2),
        };
        var reader = new SqlChatReader(Database.Store, Database.Progress, time);
        var waiting = reader.FindBySeqAsync(chat, 2, 1_000, None);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    protected static ChatEvents.MessageSent Sent(long seq, UserId sender, string text, DateTimeOffset at) =>
        new(
            seq,
            new MessageId(new Guid((int)seq, 1, 1, new byte[8])),
            sender,
            sender.IsAssistant,
            text,
            new ClientMessageId(new Guid((int)seq, 2, 2, new byte[8])),
            null,
            null,
            [],
            at
        );

    protected static void Same(IEnumerable<ChatMessage> expected, IEnumerable<ChatMessage> actual) =>
        Assert.Equal(expected.Select(TextOf), actual.Select(TextOf));

    protected static string TextOf(ChatMessage m) =>
        $"{m.Seq} {m.Id} {m.Sender} {m.IsAi} '{m.Text}' {m.Cid} {m.At:O} {m.ReplyTo} {m.EditedAt:O} {m.Deleted} "
        + $"[{string.Join(',', m.Reactions.OrderBy(r => r.Key.Value).Select(r => $"{r.Key}:{r.Value}"))}] {m.Run} "
        + $"[{string.Join(',', m.Cites)}]";
}
