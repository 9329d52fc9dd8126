using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Testing;
using LinqToDB;
using LinqToDB.Async;

namespace ChatAi.ReadModel.Tests;

public abstract partial class ReadModelSpec
{
    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(3, 50)]
    [InlineData(4, 333)]
    [InlineData(5, 100_000)]
    public async Task Should_agree_with_the_states_whatever_happened(int seed, int batchSize)
    {
        SkipUnlessAvailable();
        var talk = new RandomTalk(seed, World);
        for (var round = 0; round < 3; round++)
        {
            talk.Go(400);
            await ProjectAsync(batchSize);
            await AssertAgreesAsync();
        }
    }

    [SkippableFact]
    public async Task Should_count_each_event_once_however_often_it_is_delivered()
    {
        SkipUnlessAvailable();
        new RandomTalk(11, World).Go(500);
        Database.World = World;
        var random = new Random(11);
        // Batches that overlap: the end of each comes again at the start of the next, sometimes far back.
        for (var at = 0; at < World.Journal.Count; )
        {
            var from = Math.Max(0, at - random.Next(60));
            var count = at - from + 1 + random.Next(40);
            await Database.Writer.ApplyAsync([.. World.Journal.Skip(from).Take(count)], None);
            at = from + count;
        }
        await AssertAgreesAsync();
        var once = await Database.DumpAsync();

        await ExecuteAsync("UPDATE projection_offsets SET position = 0");
        await ProjectAsync();
        Assert.Equal(once, await Database.DumpAsync());
    }

    [SkippableFact]
    public async Task Should_leave_nothing_of_a_batch_that_failed()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(20);
        await ProjectAsync();
        var before = await Database.DumpAsync();

        World.Execute(chat, new ChatCommands.Acknowledge(bob, 10, 10));
        World.Send(chat, ann, "good");
        var next = World.Journal.Skip(World.Journal.Count - 2).ToList();
        // The same number a second time: the table refuses it after the good rows of the batch are written.
        var bad = next[1] with
        {
            Ordering = next[1].Ordering + 1,
            SequenceNr = next[1].SequenceNr + 1,
        };
        await Assert.ThrowsAnyAsync<Exception>(() => Database.Writer.ApplyAsync([.. next, bad], None));
        Assert.Equal(before, await Database.DumpAsync());

        await ProjectAsync();
        await AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task Should_go_on_after_a_crash_between_batches()
    {
        SkipUnlessAvailable();
        new RandomTalk(12, World).Go(300);
        Database.World = World;
        foreach (var batch in World.Journal.Chunk(37))
        {
            // A new process each time: nothing is carried over but the tables.
            await using var writer = Database.NewWriter();
            var position = await writer.PositionAsync(None);
            Assert.Equal(batch[0].Ordering - 1, position);
            await writer.ApplyAsync(batch, None);
        }
        await AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task Should_fetch_events_that_the_stream_passed_over()
    {
        SkipUnlessAvailable();
        new RandomTalk(13, World).Go(400);
        Database.World = World;
        var random = new Random(13);
        var last = World.Journal.GroupBy(e => e.PersistenceId).Select(g => g.Last()).ToHashSet();
        var seen = World.Journal.Where(e => e.Event is not IChatEvent || last.Contains(e) || random.Next(4) > 0);
        foreach (var batch in seen.Chunk(25))
            await Database.Writer.ApplyAsync(batch, None);
        await AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task Should_begin_anew_where_a_rebuild_was_cut_off()
    {
        SkipUnlessAvailable();
        new RandomTalk(14, World).Go(300);
        await ProjectAsync();
        await Migrator.StartRebuildAsync(Database.Store, None);
        await Database.Writer.ApplyAsync([.. World.Journal.Take(100)], None);

        // The next process: it finds tables that nobody finished.
        using var store = new ReadStore(Database.Store.Options);
        await store.MigratedAsync();
        Assert.Equal(0, await Database.Writer.PositionAsync(None));
        await ProjectAsync();
        await AssertAgreesAsync();
    }

    [SkippableFact]
    public async Task Should_keep_runs_from_their_asking_to_their_end()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(3);
        var asked = Ask(chat, new ChatCommands.AskAssistant(ann, AiRunKind.Reply, "why?", false));
        var secret = Ask(chat, new ChatCommands.AskAssistant(ann, AiRunKind.CatchUp, "", null));
        var broken = Ask(chat, new ChatCommands.AskAssistant(ann, AiRunKind.Summarize, "", false));
        await ProjectAsync();
        Assert.Equal([asked, secret, broken], (await Reader.OpenRunsAsync(10, None)).Select(r => r.Run));
        Assert.Equal(asked, Assert.Single(await Reader.OpenRunsAsync(1, None)).Run);

        var from = new AiProvenance("extractive", "none", "ab", "p1", 0, 2, 4, 10, 20, World.Now, World.Now)
        {
            Seed = 7,
            Blocks = [new AiUsedBlock(1, 385, "blocks.v1")],
            Pieces = new AiPieces(4, 1),
            TokensCached = 6,
        };
        World.Execute(chat, new ChatCommands.CompleteRun(asked, "because", [2, 3], from, 0, null));
        World.Execute(chat, new ChatCommands.CompleteRun(secret, "you missed", [3], from, 0, null));
        World.Execute(chat, new ChatCommands.FailRun(broken, ErrorCode.Timeout, "no progress"));
        await ProjectAsync();

        Assert.Empty(await Reader.OpenRunsAsync(10, None));
        var reply = await Reader.RunAsync(asked, None);
        Assert.NotNull(reply);
        Assert.Equal((AiRunStatus.Done, null, (long?)5), (reply.Status, reply.Text, reply.MessageSeq));
        Assert.Equal([2L, 3], reply.Cites);
        Assert.Equal(Shape.Of(from), Shape.Of(reply.Provenance!));
        var caughtUp = await Reader.RunAsync(secret, None);
        Assert.True(caughtUp is { Status: AiRunStatus.Done, Text: "you missed", MessageSeq: null, Private: true });
        var failed = await Reader.RunAsync(broken, None);
        Assert.Equal((AiRunStatus.Failed, ErrorCode.Timeout), (failed?.Status, failed?.Failure?.Code));
        Assert.NotNull(failed?.EndedAt);
        Assert.Null(await Reader.RunAsync(new RunId(World.NewId()), None));
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.Store.OpenAsync(None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private RunId Ask(ChatId chat, IChatCommand command) =>
        ((ChatAnswer.RunStarted)((Decision.Accepted)World.Execute(chat, command)).Answer).Run;

    /// <summary>Every row against the states that the same events made.</summary>
    private async Task AssertAgreesAsync()
    {
        foreach (var (chat, state) in World.Chats)
            await AssertAgreesAsync(chat, state);
        var users = await Database.Store.RunAsync((db, cancel) => db.Users.ToListAsync(cancel), None);
        Assert.Equal(
            World
                .Users.Select(u => (u.Key.ToString(), u.Value.PhoneNumber, u.Value.DisplayName, u.Value.LastActiveAt))
                .OrderBy(u => u.Item1, StringComparer.Ordinal),
            users
                .Select(u => (u.Id, (string?)u.PhoneNumber, u.DisplayName, u.LastActiveAt))
                .OrderBy(u => u.Id, StringComparer.Ordinal)
        );
    }

    private async Task AssertAgreesAsync(ChatId chat, ChatState state)
    {
        var id = chat.ToString();
        var (row, members, runs, summary) = await Database.Store.RunAsync(
            async (db, cancel) =>
                (
                    await db.Chats.SingleAsync(c => c.Id == id, cancel),
                    await db.Members.Where(m => m.ChatId == id).ToListAsync(cancel),
                    await db.Runs.Where(r => r.ChatId == id && r.EndedAt == null).ToListAsync(cancel),
                    await db.Summaries.SingleOrDefaultAsync(s => s.ChatId == id, cancel)
                ),
            None
        );
        Assert.Equal(
            (RowValues.TextOf(state.Type), state.Title, state.CreatedAt, state.LastMessageAt),
            (row.Type, row.Title, row.CreatedAt, row.LastMessageAt)
        );
        Assert.Equal((state.LastMessagePreview, state.LastMessageSeq), (row.LastMessagePreview, row.LastMessageSeq));
        Assert.Equal((state.Head, World.VersionOf(chat), state.AiEnabled), (row.Head, row.Version, row.AiEnabled));
        Assert.Equal((state.Messages, state.SummaryVersion), (row.AiMessages + row.HumanMessages, row.SummaryVersion));
        Assert.Equal(state.Unsummarized, row.Unsummarized);
        Assert.Equal(World.Messages[chat].Values.Count(m => m.IsAi), row.AiMessages);
        Assert.Equal(
            state.Members.Values.Select(MemberText).Order(StringComparer.Ordinal),
            members.Select(MemberText).Order(StringComparer.Ordinal)
        );
        Assert.All(members, m => Assert.Equal(state.LastMessageAt, m.LastMessageAt));
        Assert.All(members, m => Assert.Equal(state.PeerOf(new UserId(Guid.Parse(m.UserId)))?.ToString(), m.PeerId));
        Assert.Equal(
            state.Runs.Keys.Select(r => r.ToString()).Order(StringComparer.Ordinal),
            runs.Select(r => r.Id).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            (state.Summary?.Text, state.Summary?.LatestSeq, state.Summary?.LatestMessage.ToString()),
            (summary?.Text, summary?.LatestSeq, summary?.LatestMessageId)
        );
        var messages = await Reader.MessagesAsync(chat, new RestOfPage(1, long.MaxValue, 100_000, false, 0), None);
        Same(World.Messages[chat].Values, messages);
        var events = await Reader.EventsAsync(chat, new RestOfPage(1, long.MaxValue, 100_000, false, 0), None);
        Assert.Equal(World.Events[chat].Select(e => (e.Seq, e.GetType())), events.Select(e => (e.Seq, e.GetType())));
    }

    private static string MemberText(Member m) =>
        $"{m.User} {RowValues.TextOf(m.Role)} {m.From} {m.Recv} {m.Read} {m.Unread} {m.Muted} {m.Archived} {m.Pinned}";

    private static string MemberText(MemberRow m) =>
        $"{m.UserId} {m.Role} {m.FromSeq} {m.Recv} {m.Read} {m.Unread} {m.Muted} {m.Archived} {m.Pinned}";
}
