using System.Text;
using Akka.Actor;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.Redaction;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Serialization;
using ChatAi.Shared.Sharding;
using Microsoft.Data.Sqlite;

namespace ChatAi.ReadModel.Tests;

public abstract partial class ProjectionRunnerSpec
{
    private const string Secret = "zqvault";
    private static readonly AiProvenance Provenance = new("m", "m", null, "p1", 0, 1, 9, 3, 4, default, null);

    [SkippableFact]
    public async Task Should_leave_no_words_that_were_taken_back_in_the_journal()
    {
        SkipUnlessAvailable();
        var (chat, delete) = Plant();
        await Host.FeedAsync(_world);
        var store = new RedactionStore(Host.Journal.Dialect, Host.Journal.ConnectionString);
        // A snapshot from when the words were there.
        var old = JournalCodec.Current.ToBytes(_world.Chats[chat].ToSnapshot());
        await PutSnapshotAsync(store, chat, old);
        Assert.Contains(Secret, Encoding.UTF8.GetString(old), StringComparison.Ordinal);
        var redaction = new JournalRedaction(store, Database.Store, TimeProvider.System);
        var runner = Host.StartProjection(Database);
        await ProjectedAsync();
        // The message as it was sent, before it was edited.
        Assert.Equal(1, await redaction.CatchUpAsync(default));
        Assert.NotEmpty(await StoredAsync(Secret));

        delete();
        await Host.FeedAsync(_world);
        // Not before the rows have changed.
        await ProjectedAsync();
        await runner.GracefulStop(Patience);
        var rows = await Database.DumpAsync();
        var rewritten = await redaction.CatchUpAsync(default);

        Assert.Equal(8, rewritten);
        Assert.Empty(await StoredAsync(Secret));
        Assert.Equal([_world.VersionOf(chat)], await SnapshotsAsync(chat));
        AssertNotInFiles();
        var journal = new List<JournalEntry>();
        await foreach (var page in Host.Journal.PagesAsync(0, 1_000, default))
            journal.AddRange(page);
        Assert.Equal(Redaction.StateOf(chat, _world.Journal), Redaction.StateOf(chat, journal));
        await ProjectionRebuild.RunAsync(Database.Store, Host.Journal, null, default);
        Assert.Equal(Rows(rows), Rows(await Database.DumpAsync()));
        // Once more from the start, as after a crash: there is nothing left to do.
        await using (var connection = await store.OpenAsync(default))
            await RedactionStore.SetPositionAsync(connection, 0, default);
        Assert.Equal(0, await new JournalRedaction(store, Database.Store, TimeProvider.System).CatchUpAsync(default));
    }

    /// <summary>Everything that may hold a message's words; and what takes it all back.</summary>
    private (ChatId Chat, Action Delete) Plant()
    {
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewGroup(ann, bob);
        var edited = _world.Send(chat, ann, $"first {Secret}");
        _world.Execute(chat, new ChatCommands.EditMessage(ann, edited, $"second {Secret}"));
        var asking = _world.Send(chat, ann, $"@AI what of {Secret}?");
        var asked = _world.Chats[chat].Runs.Keys.Single();
        Complete(asked, $"Ann: second {Secret} [#{edited}].", [edited]);
        var ask = new ChatCommands.AskAssistant(bob, AiRunKind.Reply, "what?", true);
        var run = ((ChatAnswer.RunStarted)((Decision.Accepted)_world.Execute(chat, ask)).Answer).Run;
        Complete(run, $"It is {Secret}.", []);
        var last = _world.Messages[chat].Values.Last();
        _world.Happen(
            chat,
            new ChatEvents.SummaryUpdated(run, Secret, 1, last.Seq, last.Id, "ab", [], Provenance, _world.Now)
        );
        var block = new SummaryBlock(0, 1, 3, "ab", Secret, [edited]);
        _world.Happen(chat, new ChatEvents.SummaryBlockMade(run, block, "none", "p1", null, _world.Now));
        var overwritten = _world.Send(chat, bob, $"I too know {Secret}");
        return (
            chat,
            () =>
            {
                _world.Execute(chat, new ChatCommands.DeleteMessage(ann, edited));
                _world.Execute(chat, new ChatCommands.DeleteMessage(ann, asking));
                _world.Execute(chat, new ChatCommands.EditMessage(bob, overwritten, "nothing"));
            }
        );

        void Complete(RunId id, string text, IReadOnlyList<long> cites) =>
            _world.Execute(
                chat,
                new ChatCommands.CompleteRun(id, text, cites, Provenance, _world.Chats[chat].Mutations, null)
            );
    }

    private async Task ProjectedAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        var end = await Host.Journal.HighestOrderingAsync(late.Token);
        while ((await Database.QueryAsync<long>("SELECT MIN(position) FROM projection_offsets"))[0] < end)
            await Task.Delay(20, late.Token);
    }

    private async Task PutSnapshotAsync(RedactionStore store, ChatId chat, byte[] payload)
    {
        var version = _world.VersionOf(chat);
        var snapshot = new StoredSnapshot(version, "chat.snapshot.v1", JournalSerializer.Id, payload);
        await using var connection = await store.OpenAsync(default);
        await RedactionStore.ReplaceSnapshotsAsync(connection, ShardNames.PersistenceId(chat), 0, snapshot, 1, default);
    }

    private async Task<IReadOnlyList<long>> SnapshotsAsync(ChatId chat)
    {
        var store = new RedactionStore(Host.Journal.Dialect, Host.Journal.ConnectionString);
        await using var connection = await store.OpenAsync(default);
        var snapshots = await RedactionStore.SnapshotsAsync(connection, ShardNames.PersistenceId(chat), default);
        // What it says is what the events say.
        foreach (var snapshot in snapshots)
            Assert.Equal(
                Redaction.StateOf(chat, _world.Journal.Where(e => e.SequenceNr <= snapshot.SequenceNr)),
                snapshot.Payload
            );
        return [.. snapshots.Select(s => s.SequenceNr)];
    }

    /// <summary>Manifests of the events and snapshots that hold a text.</summary>
    private async Task<IReadOnlyList<string>> StoredAsync(string text)
    {
        var store = new RedactionStore(Host.Journal.Dialect, Host.Journal.ConnectionString);
        await using var connection = await store.OpenAsync(default);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT manifest, message FROM journal UNION ALL SELECT manifest, snapshot FROM snapshot";
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            if (Encoding.UTF8.GetString(await reader.GetFieldValueAsync<byte[]>(1)).Contains(text))
                found.Add(reader.GetString(0));
        return found;
    }

    // On SQLite the files are at hand; what a database server keeps on its disk is its own.
    private void AssertNotInFiles()
    {
        if (Host.Journal.Dialect != ReadDialect.Sqlite)
            return;
        foreach (var database in new[] { Host.Journal.ConnectionString, Database.Store.Options.ConnectionString })
        {
            var file = new SqliteConnectionStringBuilder(database).DataSource;
            foreach (var each in Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "*"))
            {
                using var stream = new FileStream(each, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                Assert.False(reader.ReadToEnd().Contains(Secret, StringComparison.Ordinal), each);
            }
        }
    }
}
