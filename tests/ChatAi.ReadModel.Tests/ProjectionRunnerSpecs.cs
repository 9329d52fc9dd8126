using Akka.Actor;
using ChatAi.ChatNode.Projections;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Protocol;

namespace ChatAi.ReadModel.Tests;

public sealed class ProjectionRunnerSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("chatai-journal-").FullName;
    private readonly ReadDatabase _database = ReadDatabase.Sqlite();
    private readonly World _world = new();
    private JournalHost? _host;

    private JournalHost Host => _host ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _host = await JournalHost.StartAsync(_folder);

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task Should_project_what_the_journal_has_and_follow_it()
    {
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewDirect(ann, bob);
        for (var i = 0; i < 40; i++)
            _world.Send(chat, ann, $"before {i}");
        await Host.FeedAsync(_world);

        Host.StartProjection(_database);
        await CaughtUpAsync(chat);
        for (var i = 0; i < 40; i++)
            _world.Send(chat, bob, $"after {i}");
        await Host.FeedAsync(_world);
        await CaughtUpAsync(chat);

        await AssertSameAsDirectProjectionAsync();
        Assert.Equal(await Host.Journal.HighestOrderingAsync(default), _database.Progress.Position);
    }

    [Fact]
    public async Task Should_go_on_from_the_stored_offset_after_a_stop()
    {
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewGroup(ann, bob);
        for (var round = 0; round < 3; round++)
        {
            var runner = Host.StartProjection(_database);
            for (var i = 0; i < 30; i++)
                _world.Send(chat, i % 3 == 0 ? bob : ann, $"{round}-{i}");
            await Host.FeedAsync(_world);
            if (round == 2)
                await CaughtUpAsync(chat);
            await runner.GracefulStop(Patience);
        }
        await AssertSameAsDirectProjectionAsync();
    }

    [Fact]
    public async Task Should_rebuild_the_same_rows_from_the_journal()
    {
        var (ann, bob) = (_world.NewUser("Ann"), _world.NewUser("Bob"));
        var chat = _world.NewGroup(ann, bob);
        var secret = _world.Send(chat, ann, "gone");
        _world.Execute(chat, new ChatCommands.EditMessage(ann, secret, "gone too"));
        for (var i = 0; i < 150; i++)
            _world.Send(chat, i % 3 == 0 ? bob : ann, $"text {i}");
        _world.Execute(chat, new ChatCommands.DeleteMessage(ann, secret));
        await Host.FeedAsync(_world);
        var runner = Host.StartProjection(_database);
        await CaughtUpAsync(chat);
        await runner.GracefulStop(Patience);
        var incremental = await _database.DumpAsync();

        var events = await ProjectionRebuild.RunAsync(_database.Store, Host.Journal, null, default);

        Assert.Equal(_world.Journal.Count, events);
        Assert.Equal(incremental, await _database.DumpAsync());
    }

    private Task CaughtUpAsync(ChatId chat) =>
        _database.Reader.MessagesAsync(chat, new RestOfPage(1, 1, 1, false, _world.VersionOf(chat)), default);

    private async Task AssertSameAsDirectProjectionAsync()
    {
        await using var direct = ReadDatabase.Sqlite();
        await direct.ProjectAsync(_world);
        // The order of writing is not the world's, so the offset may differ.
        Assert.Equal(Rows(await direct.DumpAsync()), Rows(await _database.DumpAsync()));
    }

    private static IEnumerable<string> Rows(IReadOnlyList<string> dump) =>
        dump.Where(line => !line.StartsWith("projection_offsets", StringComparison.Ordinal));
}
