using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Search;

namespace ChatAi.ReadModel.Tests;

public abstract partial class ReadModelSpec
{
    [SkippableTheory]
    [InlineData("CAFE", "Wir treffen uns im Café um acht")]
    [InlineData("tref", "Wir treffen uns im Café um acht")]
    [InlineData("acht wir", "Wir treffen uns im Café um acht")]
    [InlineData("\"im café\"", "Wir treffen uns im Café um acht")]
    [InlineData("strasse", "Goethestr. oder Straße?")]
    [InlineData("ΣΊΣΥΦΟΣ", "ο σίσυφος")]
    [InlineData("ё-моё", "Ну ё-моё!")]
    [InlineData("京都", "私は東京都に住んでいます")]
    [InlineData("都", "私は東京都")]
    [InlineData("คิดถึง", "วันนี้ฉันคิดถึงคุณมาก")]
    [InlineData("서울", "내일 서울에서 만나요")]
    [InlineData("ﾃｽﾄ", "テストだよ")]
    [InlineData("مُحَمَّد", "قال محمد نعم")]
    [InlineData("👍", "ok 👍🏽 then")]
    [InlineData("2.6.20", "kernel 2.6.20-15 fails")]
    [InlineData("it's", "I think it's fine")]
    public async Task Should_find_messages_of_any_language(string query, string text)
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(3);
        var seq = World.Send(chat, ann, text);
        await ProjectAsync();
        Assert.Equal([seq], (await FindAsync(bob, query)).Select(h => h.Seq));
    }

    [SkippableTheory]
    [InlineData("\"treffen im\"")]
    [InlineData("treffen neun")]
    [InlineData("reffen")]
    [InlineData("\"acht um\"")]
    public async Task Should_not_find_what_does_not_fit(string query)
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(1);
        World.Send(chat, ann, "Wir treffen uns im Café um acht");
        World.Send(chat, ann, "Wir treffen um neu");
        await ProjectAsync();
        Assert.Empty(await FindAsync(bob, query));
    }

    [SkippableFact]
    public async Task Should_take_any_text_for_a_query()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(2);
        World.Send(chat, ann, "drop and not or near tokens message_search");
        await ProjectAsync();
        string[] queries =
        [
            "\"",
            "'",
            "''",
            "\\",
            "a'b\\c",
            "AND",
            "OR NOT",
            "NEAR(a b)",
            "tokens:a",
            "^a",
            "a*",
            "*",
            "(a",
            "a & | !b",
            "a <-> b",
            "x':*",
            "\" AND \"",
            "); DROP TABLE messages; --",
            "{a}",
            "\0",
            "\ud800",
            "-a",
            "+a",
            "@@",
            ":*",
            "…",
            "“a”",
            "\u200d",
            "🏽",
            "a\u0301\u0301",
        ];
        foreach (var query in queries)
            Assert.True((await FindAsync(bob, query)).Count <= 1);
        Assert.Single(await FindAsync(bob, "NOT OR AND"));
    }

    [SkippableFact]
    public async Task Should_find_nothing_in_chats_of_others_nor_what_came_before_the_reader()
    {
        SkipUnlessAvailable();
        var (ann, bob, eve) = (World.NewUser("Ann"), World.NewUser("Bob"), World.NewUser("Eve"));
        var chat = World.NewGroup(ann, bob);
        var early = World.Send(chat, ann, "the secret plan");
        World.Execute(chat, new ChatCommands.AddMembers(ann, [eve]));
        var late = World.Send(chat, ann, "the secret is out");
        await ProjectAsync();
        Assert.Equal([late, early], (await FindAsync(bob, "secret")).Select(h => h.Seq));
        Assert.Equal([late], (await FindAsync(eve, "secret")).Select(h => h.Seq));
        Assert.Equal([late], (await FindAsync(eve, "secret", chat)).Select(h => h.Seq));
        Assert.Empty(await FindAsync(World.NewUser("Stranger"), "secret"));
        Assert.Empty(await FindAsync(new UserId(World.NewId()), "secret", chat));

        World.Execute(chat, new ChatCommands.RemoveMember(ann, bob));
        await ProjectAsync();
        Assert.Empty(await FindAsync(bob, "secret"));
        Assert.Empty(await FindAsync(bob, "secret", chat));

        World.Execute(chat, new ChatCommands.AddMembers(ann, [bob]));
        var latest = World.Send(chat, ann, "a new secret");
        await ProjectAsync();
        Assert.Equal([latest], (await FindAsync(bob, "secret")).Select(h => h.Seq));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(64)]
    public async Task Should_find_edited_messages_by_their_new_words_and_deleted_ones_never(int batchSize)
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(1);
        var edited = World.Send(chat, ann, "zebra crossing");
        var deleted = World.Send(chat, ann, "zebra stripes");
        await ProjectAsync();
        Assert.Equal([deleted, edited], (await FindAsync(bob, "zebra")).Select(h => h.Seq));
        Assert.Contains("zebra", string.Concat(await Database.SearchTermsAsync()), StringComparison.Ordinal);
        World.Execute(chat, new ChatCommands.EditMessage(ann, edited, "giraffe crossing"));
        World.Execute(chat, new ChatCommands.DeleteMessage(ann, deleted));
        await ProjectAsync(batchSize);
        Assert.Empty(await FindAsync(bob, "zebra"));
        Assert.Empty(await FindAsync(bob, "stripes"));
        Assert.Equal([edited], (await FindAsync(bob, "giraffe crossing")).Select(h => h.Seq));
        Assert.DoesNotContain("zebra", string.Concat(await Database.SearchTermsAsync()), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Should_not_index_private_answers()
    {
        SkipUnlessAvailable();
        var (chat, ann, _) = TalkOf(2);
        World.Execute(chat, new ChatCommands.AskAssistant(ann, AiRunKind.CatchUp, "", true));
        var run = World.Chats[chat].Runs.Keys.Single();
        var p = new AiProvenance("t", "none", null, "t1", 0, 2, 3, 0, 0, World.Now, null);
        World.Execute(chat, new ChatCommands.CompleteRun(run, "xylophone", [2], p, 0, null));
        await ProjectAsync();
        Assert.DoesNotContain("xylophone", string.Concat(await Database.SearchTermsAsync()), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Should_page_hits_over_all_chats_newest_first()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        var chats = Enumerable.Range(0, 70).Select(_ => World.NewGroup(ann, bob)).ToList();
        var random = new Random(5);
        var expected = new List<(ChatId Chat, long Seq)>();
        for (var i = 0; i < 400; i++)
        {
            // Many at the very same time.
            if (i % 7 != 0)
                World.Now = World.Now.AddMilliseconds(-7);
            var chat = chats[random.Next(chats.Count)];
            var seq = World.Send(chat, bob, i % 3 == 0 ? "something else" : $"needle {i}");
            if (i % 3 != 0)
                expected.Add((chat, seq));
        }
        await ProjectAsync();
        foreach (var limit in new[] { 1, 7, 20 })
        {
            var walked = new List<SearchCursor>();
            for (SearchCursor? before = null; ; )
            {
                var page = await SearchAsync(ann, "needle", null, limit, before);
                walked.AddRange(page.Hits);
                if (page.Next is null)
                    break;
                Assert.Equal(limit, page.Hits.Count);
                before = page.Next;
            }
            Assert.Equal(expected.Count, walked.Count);
            Assert.Equal(walked.Order(Comparer<SearchCursor>.Create(SearchCursor.Compare)), walked);
            Assert.Equal(expected.ToHashSet(), walked.Select(h => (h.Chat, h.Seq)).ToHashSet());
        }
    }

    [SkippableFact]
    public async Task Should_search_across_the_cells_of_a_large_chat()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        var (chat, other) = (World.NewGroup(ann, bob), World.NewGroup(ann, bob));
        var rare = new List<long>();
        for (var i = 0; i < 3 * SearchCells.Size; i++)
        {
            var seq = World.Send(chat, bob, i % 900 == 5 ? "rare find" : "common");
            if (i % 900 == 5)
                rare.Add(seq);
            if (i % 1_000 == 3)
                World.Send(other, bob, "common too");
        }
        await ProjectAsync(2_000);
        rare.Reverse();
        Assert.Equal(rare, (await FindAsync(ann, "rare", chat)).Select(h => h.Seq));
        Assert.Equal(rare, (await FindAsync(ann, "fin")).Select(h => h.Seq));
        var walked = new List<SearchCursor>();
        for (SearchCursor? before = null; ; )
        {
            var page = await SearchAsync(ann, "common", null, 50, before);
            walked.AddRange(page.Hits);
            if ((before = page.Next) is null)
                break;
        }
        Assert.Equal(3 * SearchCells.Size - rare.Count + 7, walked.Distinct().Count());
        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.Equal(walked.Order(Comparer<SearchCursor>.Create(SearchCursor.Compare)), walked);
    }

    [SkippableFact]
    public async Task Should_lose_no_hit_where_the_clock_goes_back()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(1);
        var other = World.NewGroup(ann, bob);
        for (var i = 0; i < 30; i++)
        {
            World.Now = World.Now.AddMinutes(i % 4 == 0 ? -3 : 1);
            World.Send(i % 2 == 0 ? chat : other, ann, $"needle {i}");
        }
        await ProjectAsync(5);
        var walked = new List<SearchCursor>();
        for (SearchCursor? before = null; ; )
        {
            var page = await SearchAsync(bob, "needle", null, 4, before);
            walked.AddRange(page.Hits);
            if ((before = page.Next) is null)
                break;
        }
        Assert.Equal(30, walked.Count);
        Assert.Equal(30, walked.Distinct().Count());
    }

    [SkippableFact]
    public async Task Should_find_as_the_tokenizer_says_whatever_is_written()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (World.NewUser("Ann"), World.NewUser("Bob"));
        var chat = World.NewGroup(ann, bob);
        var random = new Random(3);
        string[] words =
        [
            "a",
            "aa",
            "ab",
            "Äb",
            "b",
            "東",
            "東京",
            "京東京",
            "ก",
            "กข",
            "👍",
            "a.b",
            "x-y",
            "'",
            "\"",
            " ",
        ];
        string Line() =>
            string.Join(random.Next(3) == 0 ? "" : " ", Enumerable.Range(0, 5).Select(_ => words[random.Next(16)]));
        for (var i = 0; i < 120; i++)
            World.Send(chat, ann, $"{Line()}!");
        World.Send(chat, ann, string.Concat(Enumerable.Repeat("a b ", 300)) + "a b end");
        await ProjectAsync();
        for (var i = 0; i < 150; i++)
        {
            var query = SearchQuery.Parse(i == 0 ? "\"b end\"" : Line());
            var expected = World.Messages[chat].Values.Where(m => query.Match(m.Text) is not null).Select(m => m.Seq);
            var found = await Database.Search.FindAsync(bob, query, null, 200, null, None);
            if (i == 0)
                Assert.Empty(found.Hits);
            else
                Assert.Equal(expected.Where(s => s < 122).Reverse(), found.Hits.Select(h => h.Seq).Where(s => s < 122));
        }
    }

    [SkippableFact]
    public async Task Should_index_what_was_there_before_the_search_was()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(1_100);
        World.Execute(chat, new ChatCommands.DeleteMessage(ann, 4));
        await ProjectAsync();
        var before = await Database.SearchTermsAsync();
        await using (var connection = await Database.Store.OpenAsync(None))
            foreach (
                var sql in SearchTables
                    .All.Select(t => $"DROP TABLE IF EXISTS {t}")
                    .Append("DELETE FROM read_schema WHERE name = 'search'")
            )
            {
                await using var command = connection.CreateCommand();
                command.CommandText = sql;
                await command.ExecuteNonQueryAsync();
            }

        await Migrator.MigrateAsync(Database.Store, None);

        Assert.Equal(
            1_099,
            (await Database.Search.FindAsync(bob, SearchQuery.Parse("line"), null, 2_000, null, None)).Hits.Count
        );
        Assert.Equal([1_000L], (await FindAsync(bob, "\"line 998\"")).Select(h => h.Seq));
        if (Database.Store.Dialect == ReadDialect.Postgres)
            Assert.Equal(before, await Database.SearchTermsAsync());
        World.Execute(chat, new ChatCommands.EditMessage(ann, 6, "wombat"));
        await ProjectAsync();
        Assert.Equal([6L], (await FindAsync(bob, "wombat")).Select(h => h.Seq));
    }

    [SkippableFact]
    public async Task Should_index_everything_anew_in_a_rebuild()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(60);
        World.Execute(chat, new ChatCommands.EditMessage(ann, 4, "wombat"));
        World.Execute(chat, new ChatCommands.DeleteMessage(ann, 6));
        await ProjectAsync();
        var before = await Database.SearchTermsAsync();
        await Migrator.StartRebuildAsync(Database.Store, None);
        await ProjectAsync(7);
        await Migrator.FinishRebuildAsync(Database.Store, None);
        if (Database.Store.Dialect == ReadDialect.Postgres)
            Assert.Equal(before, await Database.SearchTermsAsync());
        Assert.Equal([4L], (await FindAsync(bob, "wombat")).Select(h => h.Seq));
        Assert.Equal(
            58,
            (await Database.Search.FindAsync(bob, SearchQuery.Parse("line"), null, 99, null, None)).Hits.Count
        );
    }

    [SkippableFact]
    public async Task Should_find_the_words_of_blocked_people_as_history_shows_them()
    {
        SkipUnlessAvailable();
        var (chat, ann, bob) = TalkOf(2);
        World.Execute(chat, new ChatCommands.SetBlock(ann, true));
        World.Send(chat, ann, "line after");
        await ProjectAsync();
        Assert.Equal([4L, 3, 2], (await FindAsync(ann, "line")).Select(h => h.Seq));
        Assert.Equal([4L, 3, 2], (await FindAsync(bob, "line")).Select(h => h.Seq));
    }

    private async Task<IReadOnlyList<SearchCursor>> FindAsync(UserId user, string query, ChatId? chat = null) =>
        (await SearchAsync(user, query, chat, 50, null)).Hits;

    private Task<SearchPage> SearchAsync(UserId user, string query, ChatId? chat, int limit, SearchCursor? before) =>
        Database.Search.FindAsync(user, SearchQuery.Parse(query), chat, limit, before, None);
}
