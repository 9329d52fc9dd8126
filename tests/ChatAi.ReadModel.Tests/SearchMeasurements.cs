using System.Diagnostics;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Search;
using ChatAi.Shared.Sharding;
using ChatAi.Testing;
using ChatAi.Testing.Irc;
using Xunit.Abstractions;

namespace ChatAi.ReadModel.Tests;

/// <summary>
/// Figures, not checks: what a search costs over messages of the real #ubuntu channel. Runs only with
/// <c>CHATAI_MEASURE_SEARCH=&lt;thousands of messages&gt;</c>.
/// </summary>
public sealed class SearchMeasurements(ITestOutputHelper output)
{
    private const int Chats = 10_000;
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableFact]
    public async Task Measure_on_sqlite()
    {
        await using var database = ReadDatabase.Sqlite();
        await MeasureAsync("SQLite", database);
    }

    [SkippableFact]
    public async Task Measure_on_postgres()
    {
        Thousands();
        Skip.If(PostgresCluster.Programs() is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");
        await using var cluster = await PostgresCluster.StartAsync(durable: false);
        var connections = PostgresConnections.WithDefaults(await cluster.CreateDatabaseAsync());
        await using var database = new ReadDatabase(
            ReadStoreOptions.Postgres(connections),
            () => ValueTask.CompletedTask
        );
        await MeasureAsync("PostgreSQL", database);
    }

    private async Task MeasureAsync(string name, ReadDatabase database)
    {
        var thousands = Thousands();
        var folder = IrcData.FindFolder();
        Skip.If(folder is null, "The logs (../shared/data/irc) are not here.");
        var lines = IrcData
            .RawFiles(folder)
            .SelectMany(IrcData.Read)
            .Where(l => l.Kind == IrcLineKind.Message)
            .ToList();
        var user = new UserId(Guid.CreateVersion7());
        var big = new ChatId(Guid.CreateVersion7());
        var took = await FillAsync(database, user, big, [.. lines.Select(l => l.Text)], thousands * 1_000);
        var load = await File.ReadAllTextAsync("/proc/loadavg");
        output.WriteLine(
            $"{name}: {thousands}k messages written in {took.TotalSeconds:F0} s; load average {load.Trim()}"
        );
        await TimeAsync(database, user, null, "common word", "the");
        await TimeAsync(database, user, null, "common word, page after page", "the", isWalk: true);
        await TimeAsync(database, user, null, "two words", "install package");
        await TimeAsync(database, user, null, "phrase", "\"apt-get install\"");
        await TimeAsync(database, user, null, "beginning of a word", "ubun");
        await TimeAsync(database, user, null, "rare word, every chat asked", "gutsy");
        await TimeAsync(database, user, null, "word that is nowhere, every chat asked", "qqxyzzy");
        await TimeAsync(database, user, big, "common word in one chat", "the");
        await TimeAsync(database, user, big, "word that is nowhere in one chat", "qqxyzzy");
    }

    private static int Thousands()
    {
        _ = int.TryParse(Environment.GetEnvironmentVariable("CHATAI_MEASURE_SEARCH"), out var thousands);
        Skip.If(thousands <= 0, "Set CHATAI_MEASURE_SEARCH to a number of thousands of messages to measure.");
        return thousands;
    }

    private async Task TimeAsync(
        ReadDatabase database,
        UserId user,
        ChatId? chat,
        string what,
        string text,
        bool isWalk = false
    )
    {
        var query = SearchQuery.Parse(text);
        var took = new List<double>();
        SearchCursor? before = null;
        var hits = 0;
        var until = Stopwatch.StartNew();
        while (took.Count < 200 && (took.Count < 10 || until.Elapsed < TimeSpan.FromSeconds(4)))
        {
            var start = Stopwatch.GetTimestamp();
            var page = await database.Search.FindAsync(user, query, chat, 20, before, None);
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            hits += page.Hits.Count;
            // Pages as somebody who scrolls asks for them.
            before = isWalk ? page.Next : null;
        }
        took.Sort();
        output.WriteLine(
            $"| {what} | {took[took.Count / 2]:F1} | {took[took.Count * 99 / 100]:F1} | {took.Count} | {hits} |"
        );
    }

    /// <summary>Half of the messages in one chat, the rest over the user's 10,000 other chats.</summary>
    private static async Task<TimeSpan> FillAsync(
        ReadDatabase database,
        UserId user,
        ChatId big,
        IReadOnlyList<string> texts,
        int messages
    )
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var peer = new UserId(Guid.CreateVersion7());
        NewMember[] pair = [new(user, MemberRole.Member), new(peer, MemberRole.Member)];
        List<ChatId> chats = [big, .. Enumerable.Range(0, Chats).Select(_ => new ChatId(Guid.CreateVersion7()))];
        var heads = new long[chats.Count];
        var batch = new List<JournalEntry>();
        var ordering = 0L;
        var watch = Stopwatch.StartNew();
        foreach (var (i, chat) in chats.Index())
            batch.Add(
                new JournalEntry(
                    ++ordering,
                    ShardNames.PersistenceId(chat),
                    heads[i] = 1,
                    new ChatEvents.ChatCreated(1, ChatType.OneToOne, null, user, pair, at)
                )
            );
        for (var i = 0; i < messages; i++)
        {
            at = at.AddMilliseconds(900);
            var chat = i % 2 == 0 ? 0 : 1 + (int)(i * 7919L % Chats);
            var sent = new ChatEvents.MessageSent(
                ++heads[chat],
                new MessageId(Guid.CreateVersion7()),
                peer,
                false,
                texts[i % texts.Count],
                new ClientMessageId(Guid.CreateVersion7()),
                null,
                null,
                [],
                at
            );
            batch.Add(new JournalEntry(++ordering, ShardNames.PersistenceId(chats[chat]), heads[chat], sent));
            if (batch.Count < 20_000 && i < messages - 1)
                continue;
            await database.Writer.ApplyAsync(batch, None);
            batch.Clear();
        }
        if (database.Store.Dialect == ReadDialect.Postgres)
            await database.QueryAsync<int>("ANALYZE");
        return watch.Elapsed;
    }
}
