using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Sharding;
using Npgsql;

namespace ChatAi.ReadModel.Tests.Journal;

/// <summary>Two nodes that both believe to be the home of a chat, as in a partition before one side is taken down.</summary>
public sealed class TwoWritersSpecs(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>As the gateway waits before it tells the client to try again.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly UserId _ann = new(Guid.CreateVersion7());
    private readonly UserId _bob = new(Guid.CreateVersion7());

    [SkippableFact]
    public async Task Should_answer_no_write_of_the_one_whose_state_is_old_and_come_back_right()
    {
        await using var stage = await StageAsync();
        var chat = new ChatId(Guid.CreateVersion7());
        var (one, other) = (stage.One(chat), stage.Other(chat));
        await one.ExecuteAsync(new ChatCommands.CreateChat(_ann, ChatType.OneToOne, [_bob], null));
        Assert.Equal(2, (await one.SendAsync(_ann, NewCid(), Patience))?.Seq);
        // The other comes up with all of it and goes ahead; the first does not know.
        Assert.Equal(3, (await other.SendAsync(_bob, NewCid(), Patience))?.Seq);

        var late = NewCid();
        Assert.Null(await one.SendAsync(_ann, late, Short));
        Assert.Equal(4, (await one.SendAsync(_ann, late, Patience))?.Seq);
        Assert.Null(await other.SendAsync(_bob, NewCid(), Short));

        var again = await one.SendAsync(_ann, late, Patience);
        Assert.Equal((4, true), (again?.Seq, again?.Duplicate));
        await AssertWholeAsync(stage, chat, messages: 3);
    }

    [SkippableFact]
    public async Task Should_harm_no_other_entity_whose_write_goes_with_a_refused_one()
    {
        await using var stage = await StageAsync();
        var (torn, calm) = (await CreateAsync(stage), new List<(ChatId Chat, ChatOnNode Entity)>());
        for (var i = 0; i < 12; i++)
            calm.Add(await CreateAsync(stage));
        Assert.NotNull(await stage.Other(torn.Chat).SendAsync(_bob, NewCid(), Patience));

        var sends = new List<Task<ChatAnswer.Sent?>>();
        Task<ChatAnswer.Sent?> refused;
        await using (await stage.HoldJournalAsync())
        {
            // While the first of these cannot be stored, the others gather behind them.
            foreach (var (_, entity) in calm[..6])
                sends.Add(entity.SendAsync(_ann, NewCid(), Patience));
            refused = torn.Entity.SendAsync(_ann, NewCid(), Short);
            await torn.Entity.HandedOverAsync();
            foreach (var (_, entity) in calm[6..])
                sends.Add(entity.SendAsync(_ann, NewCid(), Patience));
            foreach (var (_, entity) in calm)
                await entity.HandedOverAsync();
        }

        Assert.Null(await refused);
        Assert.All(await Task.WhenAll(sends), sent => Assert.Equal(2, sent?.Seq));
        foreach (var (chat, _) in calm)
            await AssertWholeAsync(stage, chat, messages: 1);
        await AssertWholeAsync(stage, torn.Chat, messages: 1);
    }

    private async Task<(ChatId Chat, ChatOnNode Entity)> CreateAsync(Stage stage)
    {
        var chat = new ChatId(Guid.CreateVersion7());
        var entity = stage.One(chat);
        await entity.ExecuteAsync(new ChatCommands.CreateChat(_ann, ChatType.OneToOne, [_bob], null));
        return (chat, entity);
    }

    /// <summary>The history has every number once, of entity and of chat, and at least the acknowledged messages.</summary>
    private static async Task AssertWholeAsync(Stage stage, ChatId chat, int messages)
    {
        var events = await stage.Journal.OfEntityAsync(ShardNames.PersistenceId(chat), 1, long.MaxValue, default);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.SequenceNr));
        var numbered = events.Select(e => e.Event).OfType<INumberedChatEvent>().Select(e => e.Seq).ToList();
        Assert.Equal(Enumerable.Range(1, numbered.Count).Select(i => (long)i), numbered);
        var sent = events.Select(e => e.Event).OfType<ChatEvents.MessageSent>().ToList();
        Assert.Equal(sent.Count, sent.Select(e => e.Cid).Distinct().Count());
        Assert.True(sent.Count >= messages, $"{messages} messages were acknowledged, {sent.Count} are there.");
    }

    private static ClientMessageId NewCid() => new(Guid.CreateVersion7());

    private async Task<Stage> StageAsync()
    {
        Skip.If(postgres.Cluster is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");
        var database = await postgres.Cluster.CreateDatabaseAsync();
        return new Stage(
            await JournalHost.StartOnPostgresAsync(database),
            await JournalHost.StartOnPostgresAsync(database),
            new ReadDatabase(ReadStoreOptions.Postgres(database), () => ValueTask.CompletedTask),
            database
        );
    }

    private sealed record Stage(JournalHost Left, JournalHost Right, ReadDatabase Tables, string Database)
        : IAsyncDisposable
    {
        public JournalReader Journal => Left.Journal;

        public ChatOnNode One(ChatId chat) => new(Left, Tables, chat);

        /// <summary>Nothing is written to the journal until what is returned is disposed.</summary>
        public async Task<IAsyncDisposable> HoldJournalAsync()
        {
            var connection = new NpgsqlConnection($"{Database};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "BEGIN; LOCK TABLE journal IN SHARE MODE";
            await command.ExecuteNonQueryAsync();
            return connection;
        }

        public ChatOnNode Other(ChatId chat) => new(Right, Tables, chat);

        public async ValueTask DisposeAsync()
        {
            await Left.DisposeAsync();
            await Right.DisposeAsync();
            await Tables.DisposeAsync();
        }
    }
}
