using System.Diagnostics;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Serialization;
using ChatAi.Shared.Sharding;
using ChatAi.Testing.Irc;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace ChatAi.ReadModel.Tests;

/// <summary>
/// Figures, not checks: how fast a rebuild is on SQLite, and what list and history cost with a full database. Runs only
/// with <c>CHATAI_MEASURE=&lt;thousands of messages&gt;</c>.
/// </summary>
public sealed class ReadModelMeasurements(ITestOutputHelper output)
{
    private const int Chats = 10_000;
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableFact]
    public async Task Measure_rebuild_and_reads_on_sqlite()
    {
        _ = int.TryParse(Environment.GetEnvironmentVariable("CHATAI_MEASURE"), out var thousands);
        Skip.If(thousands <= 0, "Set CHATAI_MEASURE to a number of thousands of messages to measure.");
        var folder = Directory.CreateTempSubdirectory("chatai-measure-").FullName;
        await using var database = ReadDatabase.Sqlite();
        var user = new UserId(Guid.CreateVersion7());
        var big = new ChatId(Guid.CreateVersion7());
        try
        {
            var events = await WriteJournalAsync(folder, user, big, thousands * 1_000);
            var journal = new JournalReader(ReadDialect.Sqlite, JournalHosting.SqliteConnectionString(folder));
            var (watch, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
            await ProjectionRebuild.RunAsync(database.Store, journal, null, None);
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            output.WriteLine(
                $"rebuild: {events} events in {watch.Elapsed.TotalSeconds:F1} s = {events / watch.Elapsed.TotalSeconds:F0}/s, "
                    + $"{events / cpu.TotalSeconds:F0} per CPU-second"
            );
            var reader = database.Reader;
            var head = thousands * 500L;
            var random = new Random(1);
            await TimeAsync("recent list, first page", 500, () => reader.ChatsAsync(user, 5, null, None));
            var middle = (await reader.ChatsAsync(user, 5_000, null, None))[^1];
            var cursor = new ChatCursor(middle.LastMessageAt, middle.Id);
            await TimeAsync(
                "recent list, page after 5,000 chats",
                500,
                () => reader.ChatsAsync(user, 100, cursor, None)
            );
            await TimeAsync(
                $"history page of 50 anywhere in {head} messages",
                500,
                () => reader.MessagesAsync(big, new RestOfPage(1, random.NextInt64(50, head), 50, true, 0), None)
            );
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, true);
        }
    }

    private async Task TimeAsync<T>(string what, int times, Func<Task<IReadOnlyList<T>>> query)
    {
        for (var i = 0; i < 50; i++)
            await query();
        var took = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await query();
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        took.Sort();
        output.WriteLine($"{what}: p50 {took[times / 2]:F2} ms, p99 {took[times * 99 / 100]:F2} ms");
    }

    // Words as people write them, where the real logs are: what the index of words costs depends on them.
    private static IReadOnlyList<string> Texts() =>
        IrcData.FindFolder() is { } folder
            ?
            [
                .. IrcData
                    .RawFiles(folder)
                    .SelectMany(IrcData.Read)
                    .Where(line => line.Kind == IrcLineKind.Message)
                    .Select(line => line.Text),
            ]
            : [new string('x', 90)];

    /// <summary>Half of the messages in one chat, the rest over one user's 10,000 chats; a receipt for every tenth.</summary>
    private static async Task<long> WriteJournalAsync(string folder, UserId user, ChatId big, int messages)
    {
        // The journal plugin makes its table.
        await using (var host = await JournalHost.StartAsync(folder))
        {
            var world = new World();
            world.NewUser("First");
            await host.FeedAsync(world);
        }
        await using var connection = new SqliteConnection(JournalHosting.SqliteConnectionString(folder));
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var insert = connection.CreateCommand();
        insert.Transaction = (SqliteTransaction)transaction;
        insert.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
            VALUES (0, 0, $id, $number, $message, $manifest, $serializer)
            """;
        foreach (var name in new[] { "$id", "$number", "$message", "$manifest" })
            insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        insert.Parameters.AddWithValue("$serializer", JournalSerializer.Id);

        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var peer = new UserId(Guid.CreateVersion7());
        var texts = Texts();
        var chats = new List<ChatId> { big };
        chats.AddRange(Enumerable.Range(0, Chats).Select(_ => new ChatId(Guid.CreateVersion7())));
        var versions = new int[chats.Count];
        var heads = new int[chats.Count];
        var count = 0L;
        void Write(string id, int number, object e)
        {
            insert.Parameters[0].Value = id;
            insert.Parameters[1].Value = number;
            insert.Parameters[2].Value = JournalCodec.Current.ToBytes(e);
            insert.Parameters[3].Value = JournalCodec.Current.ManifestOf(e);
            insert.ExecuteNonQuery();
            count++;
        }
        Write(ShardNames.PersistenceId(user), 1, new UserEvents.UserRegistered("+15550000000", "Reader", at));
        NewMember[] pair = [new(user, MemberRole.Member), new(peer, MemberRole.Member)];
        for (var i = 0; i < chats.Count; i++)
            Write(
                ShardNames.PersistenceId(chats[i]),
                versions[i] = heads[i] = 1,
                new ChatEvents.ChatCreated(1, ChatType.OneToOne, null, user, pair, at)
            );
        for (var i = 0; i < messages; i++)
        {
            at = at.AddMilliseconds(10);
            var chat = i % 2 == 0 ? 0 : 1 + (i * 7919L % Chats is var c ? (int)c : 0);
            var id = ShardNames.PersistenceId(chats[chat]);
            var (message, cid) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            var sent = new ChatEvents.MessageSent(
                ++heads[chat],
                new MessageId(message),
                i % 3 == 0 ? peer : user,
                false,
                texts[i % texts.Count],
                new ClientMessageId(cid),
                null,
                null,
                [],
                at
            );
            Write(id, ++versions[chat], sent);
            if (i % 10 == 0)
                Write(
                    id,
                    ++versions[chat],
                    new ChatEvents.ReceiptsAdvanced([new ReceiptMark(user, heads[chat], heads[chat], 0)], at)
                );
        }
        await transaction.CommitAsync();
        return count;
    }
}
