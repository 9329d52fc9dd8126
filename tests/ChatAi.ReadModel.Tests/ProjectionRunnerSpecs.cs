using Akka.Actor;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ReadModel.Tests;

/// <summary>The projection at work on a real journal, on either database.</summary>
public abstract partial class ProjectionRunnerSpec : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly World _world = new();
    private JournalHost? _host;
    private ReadDatabase? _database;

    protected World World => _world;
    protected JournalHost Host => _host ?? throw new InvalidOperationException("Not started.");
    protected ReadDatabase Database => _database ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        if (await StartAsync() is { } started)
            (_host, _database) = started;
    }

    public async Task DisposeAsync()
    {
        if (_host is null)
            return;
        await Host.DisposeAsync();
        await Database.DisposeAsync();
        await RemoveAsync();
    }

    /// <summary>Null where the database cannot be had; tests then skip.</summary>
    protected abstract Task<(JournalHost, ReadDatabase)?> StartAsync();

    protected virtual Task RemoveAsync() => Task.CompletedTask;

    protected virtual void SkipUnlessAvailable() { }

    [SkippableFact]
    public async Task Should_project_what_the_journal_has_and_follow_it()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewDirect(ann, bob);
        for (var i = 0; i < 40; i++)
            _world.Send(chat, ann, $"before {i}");
        await Host.FeedAsync(_world);

        Host.StartProjection(Database);
        await CaughtUpAsync(chat);
        for (var i = 0; i < 40; i++)
            _world.Send(chat, bob, $"after {i}");
        await Host.FeedAsync(_world);
        await CaughtUpAsync(chat);

        await AssertSameAsDirectProjectionAsync();
        Assert.Contains(
            Database.Progress.Slices,
            slice => slice.Value.Position == Database.Progress.Slices.Values.Max(other => other.Position)
        );
    }

    [SkippableFact]
    public async Task Should_go_on_from_the_stored_offset_after_a_stop()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewGroup(ann, bob);
        for (var round = 0; round < 3; round++)
        {
            var runner = Host.StartProjection(Database);
            for (var i = 0; i < 30; i++)
                _world.Send(chat, i % 3 == 0 ? bob : ann, $"{round}-{i}");
            await Host.FeedAsync(_world);
            if (round == 2)
                await CaughtUpAsync(chat);
            await runner.GracefulStop(Patience);
        }
        await AssertSameAsDirectProjectionAsync();
    }

    [SkippableFact]
    public async Task Should_rebuild_the_same_rows_from_the_journal()
    {
        SkipUnlessAvailable();
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewGroup(ann, bob);
        var secret = _world.Send(chat, ann, "gone");
        _world.Execute(chat, new ChatCommands.EditMessage(ann, secret, "gone too"));
        for (var i = 0; i < 150; i++)
            _world.Send(chat, i % 3 == 0 ? bob : ann, $"text {i}");
        _world.Execute(chat, new ChatCommands.DeleteMessage(ann, secret));
        await Host.FeedAsync(_world);
        var runner = Host.StartProjection(Database);
        await CaughtUpAsync(chat);
        await runner.GracefulStop(Patience);
        var incremental = await Database.DumpAsync();

        var events = await ProjectionRebuild.RunAsync(Database.Store, Host.Journal, null, default);

        Assert.Equal(_world.Journal.Count, events);
        Assert.Equal(Rows(incremental), Rows(await Database.DumpAsync()));
    }

    protected Task CaughtUpAsync(ChatId chat, ReadDatabase? database = null) =>
        (database ?? Database).Reader.MessagesAsync(
            chat,
            new RestOfPage(1, 1, 1, false, _world.VersionOf(chat)),
            default
        );

    protected async Task AssertSameAsDirectProjectionAsync()
    {
        await using var direct = ReadDatabase.Sqlite();
        await direct.ProjectAsync(_world);
        // The order of writing is not the world's, so the offset may differ.
        Assert.Equal(Rows(await direct.DumpAsync()), Rows(await Database.DumpAsync()));
    }

    private static IEnumerable<string> Rows(IReadOnlyList<string> dump) =>
        dump.Where(line => !line.StartsWith("projection_offsets", StringComparison.Ordinal));
}

public sealed class SqliteProjectionRunnerSpecs : ProjectionRunnerSpec
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chatai-journal-").FullName;

    protected override async Task<(JournalHost, ReadDatabase)?> StartAsync() =>
        (await JournalHost.StartAsync(_folder), ReadDatabase.Sqlite());

    protected override Task RemoveAsync()
    {
        Directory.Delete(_folder, true);
        return Task.CompletedTask;
    }
}
