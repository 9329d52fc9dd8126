using System.Collections.Concurrent;
using ChatAi.ChatNode.Hosting;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;
using ChatAi.Shared.Sharding;
using ChatAi.Testing;

namespace ChatAi.ReadModel.Tests.Journal;

/// <summary>PostgreSQL crashes under load and comes back; nobody restarts anything else.</summary>
public sealed class DatabaseOutageSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ATry = TimeSpan.FromSeconds(1);

    private readonly UserId _ann = new(Guid.CreateVersion7());
    private readonly UserId _bob = new(Guid.CreateVersion7());

    [SkippableFact]
    public async Task Should_go_on_by_itself_and_lose_nothing_acknowledged()
    {
        Skip.If(PostgresCluster.Programs() is null, "PostgreSQL is not installed here (/usr/lib/postgresql).");
        await using var postgres = await PostgresCluster.StartAsync();
        var database = PostgresConnections.WithDefaults(await postgres.CreateDatabaseAsync());
        await using var node = await JournalHost.StartOnPostgresAsync(database);
        await using var tables = new ReadDatabase(
            ReadStoreOptions.Postgres(database, 4),
            () => ValueTask.CompletedTask
        );
        node.StartProjection(tables);
        var talks = new List<Talk>();
        for (var i = 0; i < 6; i++)
            talks.Add(await Talk.StartAsync(node, tables, _ann, _bob));
        foreach (var talk in talks)
            await talk.AcknowledgedAsync(5);

        await postgres.StopAsync(crash: true);
        foreach (var talk in talks)
            await talk.UnansweredAsync(2);
        await postgres.StartAgainAsync();
        foreach (var talk in talks)
            await talk.AcknowledgedAsync(5);

        foreach (var talk in talks)
        {
            var acknowledged = await talk.StopAsync();
            var events = await node.Journal.OfEntityAsync(
                ShardNames.PersistenceId(talk.Chat),
                1,
                long.MaxValue,
                default
            );
            Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.SequenceNr));
            var sent = events
                .Select(e => e.Event)
                .OfType<ChatEvents.MessageSent>()
                .ToDictionary(e => e.Cid, e => e.Seq);
            Assert.All(acknowledged, ack => Assert.Equal(ack.Value, sent[ack.Key]));
            var read = await tables.Reader.MessagesAsync(
                talk.Chat,
                new RestOfPage(1, long.MaxValue, int.MaxValue, false, events[^1].SequenceNr),
                default
            );
            Assert.Equal(sent.Values.Order(), read.Select(m => m.Seq));
        }
    }

    /// <summary>Sends one message after the other, each again with its client id until it is acknowledged.</summary>
    private sealed class Talk(ChatId chat, ChatOnNode entity, UserId by)
    {
        private readonly ConcurrentDictionary<ClientMessageId, long> _acknowledged = [];
        private readonly CancellationTokenSource _stop = new();
        private Task _talking = Task.CompletedTask;
        private int _unanswered;

        public ChatId Chat => chat;

        public static async Task<Talk> StartAsync(JournalHost node, ReadDatabase tables, UserId ann, UserId bob)
        {
            var chat = new ChatId(Guid.CreateVersion7());
            var entity = new ChatOnNode(node, tables, chat);
            await entity.ExecuteAsync(new ChatCommands.CreateChat(ann, ChatType.OneToOne, [bob], null));
            var talk = new Talk(chat, entity, ann);
            talk._talking = Task.Run(talk.RunAsync);
            return talk;
        }

        public Task AcknowledgedAsync(int more) => GrowsAsync(() => _acknowledged.Count, more);

        public Task UnansweredAsync(int more) => GrowsAsync(() => _unanswered, more);

        public async Task<IReadOnlyDictionary<ClientMessageId, long>> StopAsync()
        {
            await _stop.CancelAsync();
            await _talking;
            return _acknowledged;
        }

        private async Task RunAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                var cid = new ClientMessageId(Guid.CreateVersion7());
                ChatAnswer.Sent? sent;
                while ((sent = await entity.SendAsync(by, cid, ATry)) is null)
                    Interlocked.Increment(ref _unanswered);
                _acknowledged[cid] = sent.Seq;
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }

        private static async Task GrowsAsync(Func<int> count, int more)
        {
            var goal = count() + more;
            using var late = new CancellationTokenSource(Patience);
            while (count() < goal)
                await Task.Delay(20, late.Token);
        }
    }
}
