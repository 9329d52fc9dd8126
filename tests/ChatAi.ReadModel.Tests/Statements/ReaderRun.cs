using System.Reflection;
using ChatAi.ChatNode.Projections;
using ChatAi.ChatNode.ReadModel;
using ChatAi.ChatNode.ReadModel.Search;
using ChatAi.ChatNode.Retention;
using ChatAi.Shared.Domain;
using ChatAi.Shared.Domain.Ai.Blocks;
using ChatAi.Shared.Domain.Chats;
using ChatAi.Shared.Domain.Search;
using ChatAi.Shared.Domain.Users;
using ChatAi.Shared.Protocol;

namespace ChatAi.ReadModel.Tests.Statements;

/// <summary>Every question to the reader and every change by the writer, with an account of what was left out.</summary>
public static class ReaderRun
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <returns>Names of the reader's methods and of the row changes that did not come up: a new one must be added here.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(string connectionString)
    {
        var options = ReadStoreOptions.Postgres($"{connectionString};Application Name={StatementLog.Application}");
        await using var database = new ReadDatabase(options, () => ValueTask.CompletedTask);
        await database.Store.MigratedAsync();
        await Filler.FillAsync(connectionString, TableRules.Growing.Select(t => t.Name));

        var world = new World();
        new RandomTalk(11, world).Go(1_500);
        var (ann, chat) = await TalkAsync(world);
        await database.ProjectAsync(world, 40);
        var reader = CallLog<IChatReader>.Of(database.Reader, out var called);
        await AskAllAsync(reader, world, chat, ann);
        var search = CallLog<IMessageSearch>.Of(database.Search, out var searched);
        await SearchAsync(search, world, chat, ann);

        var old = new OldMessages(database.Store);
        Assert.Contains(chat, await old.ChatsAsync(null, 4, None));
        await old.ChatsAsync(new ChatId(Guid.Empty), 4, None);
        Assert.Equal([2L, 3], await old.MessagesAsync(chat, world.Now, 2, None));

        var changes = Changes(world);
        return
        [
            .. typeof(IChatReader).GetMethods().Select(m => m.ToString()!).Where(m => !called.Contains(m)),
            .. typeof(IMessageSearch).GetMethods().Select(m => m.ToString()!).Where(m => !searched.Contains(m)),
            .. typeof(RowChange)
                .GetNestedTypes()
                .Where(t => !changes.Contains(t))
                .Select(t => $"{nameof(RowChange)}.{t.Name}"),
        ];
    }

    private static Task<(UserId, ChatId)> TalkAsync(World world)
    {
        var ann = world.NewUser("Ann");
        var chat = world.NewGroup(ann, world.NewUser("Bob"), world.NewUser("Eve"));
        var device = new DeviceId(world.NewId());
        world.Execute(ann, new UserCommands.AddDevice(device, "phone", "hash"));
        world.Execute(ann, new UserCommands.RevokeDevice(device, "lost"));
        for (var i = 0; i < 60; i++)
            world.Send(chat, ann, $"line {i}");
        var bob = world.Chats[chat].Members.Keys.First(user => user != ann);
        world.Execute(chat, new ChatCommands.ChangeRole(ann, bob, MemberRole.Admin));
        world.Happen(
            chat,
            new ChatEvents.SummaryBlockMade(
                new RunId(world.NewId()),
                new SummaryBlock(0, 1, 40, "ab", "text", [2]),
                "none",
                "p1",
                null,
                world.Now
            )
        );
        return Task.FromResult((ann, chat));
    }

    private static async Task AskAllAsync(IChatReader reader, World world, ChatId chat, UserId ann)
    {
        var message = world.Messages[chat].Values.First();
        var version = world.VersionOf(chat);
        await reader.FindByCidAsync(chat, message.Sender, message.Cid, 1, None);
        await reader.FindBySeqAsync(chat, message.Seq, 1, None);
        await reader.QuotingAsync(chat, message.Seq, 1, None);
        await reader.CountUnreadAsync(chat, ann, 1, 50, 1, None);
        foreach (var newestFirst in new[] { true, false })
        {
            await reader.MessagesAsync(chat, new RestOfPage(1, 50, 20, newestFirst, version), None);
            await reader.EventsAsync(chat, new RestOfPage(1, 50, 20, newestFirst, version), None);
        }
        await reader.MessagesAsync(chat, [2, 5, 9], version, None);
        await reader.BlocksAsync(chat, 0, [1, 49], version, None);
        await reader.ChatsAsync(ann, 20, null, None);
        await reader.ChatsAsync(ann, 20, new ChatCursor(world.Now, chat), None);
        await reader.NamesAsync([.. world.Users.Keys], None);
        var run = world.Journal.Select(e => e.Event).OfType<ChatEvents.AiRunRequested>().First().Run;
        await reader.RunAsync(run, None);
        await reader.RunAsync(chat, run, version, None);
        await reader.RunsOfAsync(chat, ann, null, 100, version, None);
        await reader.RunsOfAsync(chat, ann, run, 100, version, None);
        await reader.OpenRunsAsync(500, None);
        await reader.StaleSummariesAsync(100, None);
    }

    private static async Task SearchAsync(IMessageSearch search, World world, ChatId chat, UserId ann)
    {
        foreach (var text in new[] { "line", "\"line 1\" lin", "wor" })
        foreach (var only in new ChatId?[] { null, chat })
        {
            var query = SearchQuery.Parse(text);
            var first = await search.FindAsync(ann, query, only, 5, null, None);
            if (first.Next is not null)
                await search.FindAsync(ann, query, only, 5, first.Next, None);
        }
        // Of a chat with several cells: where to begin is looked up.
        var elsewhere = new SearchCursor(world.Now.ToUnixTimeMilliseconds(), new ChatId(world.NewId()), 5);
        await search.FindAsync(ann, SearchQuery.Parse("line"), null, 5, elsewhere, None);
    }

    // Each chat's events in two batches, the second upon the rows that the first made.
    private static HashSet<Type> Changes(World world)
    {
        var types = new HashSet<Type>();
        foreach (var entity in world.Journal.GroupBy(e => e.PersistenceId))
        {
            var events = entity.ToList();
            var first = ProjectionMapper.Map([.. events.Take(events.Count / 2)], new Dictionary<ChatId, LoadedChat>());
            var loaded = first
                .OfType<RowChange.InsertChat>()
                .ToDictionary(c => new ChatId(Guid.Parse(c.Row.Id)), c => LoadedOf(c.Row, first));
            var second = ProjectionMapper.Map([.. events.Skip(loaded.Count == 0 ? 0 : events.Count / 2)], loaded);
            types.UnionWith(first.Concat(second).Select(c => c.GetType()));
        }
        return types;
    }

    private static LoadedChat LoadedOf(ChatRow row, IReadOnlyList<RowChange> changes) =>
        new(row, null, changes.OfType<RowChange.InsertMessage>().ToDictionary(m => m.Message.Seq, m => m.Message));

    /// <summary>Passes calls on and remembers which methods were called.</summary>
    internal class CallLog<T> : DispatchProxy
        where T : class
    {
        private readonly HashSet<string> _called = new(StringComparer.Ordinal);
        private T? _inner;

        public static T Of(T inner, out IReadOnlySet<string> called)
        {
            var proxy = Create<T, CallLog<T>>();
            var log = (CallLog<T>)(object)proxy;
            log._inner = inner;
            called = log._called;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _called.Add(targetMethod!.ToString()!);
            return targetMethod.Invoke(_inner, args);
        }
    }
}
