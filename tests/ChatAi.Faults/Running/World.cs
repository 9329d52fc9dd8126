using ChatAi.Faults.Checking;
using ChatAi.Faults.Facts;
using ChatAi.Faults.Load;
using ChatAi.Faults.Plans;
using ChatAi.Faults.Records;
using ChatAi.Testing;

namespace ChatAi.Faults.Running;

/// <summary>How much goes on.</summary>
public sealed record Traffic(int People = 8, int Groups = 8, double ActsPerSecond = 4);

/// <summary>The people and chats of a run, and everything that is recorded of them.</summary>
public sealed class World : IAsyncDisposable
{
    private readonly List<Person> _people = [];
    private readonly List<TestUser> _users = [];
    private readonly Dictionary<int, Guid> _chats = [];
    private readonly Func<Task<IReadOnlyList<string>>> _compareTables;

    private World(Cast cast, Doors doors, Store store, Func<Task<IReadOnlyList<string>>> compareTables)
    {
        Cast = cast;
        Doors = doors;
        Store = store;
        _compareTables = compareTables;
    }

    public Cast Cast { get; }

    public Doors Doors { get; }

    public Store Store { get; }

    public Ledger Ledger { get; } = new();

    public static async Task<World> CreateAsync(
        int seed,
        Traffic traffic,
        Doors doors,
        Store store,
        Func<Task<IReadOnlyList<string>>> compareTables
    )
    {
        var cast = Cast.Of(seed, traffic.People, traffic.Groups);
        var world = new World(cast, doors, store, compareTables);
        for (var i = 0; i < cast.People; i++)
            world._users.Add(await TestUser.SignUpAsync(doors.At(i), $"person {i}"));
        for (var i = 0; i < cast.Chats.Count; i++)
        {
            Guid[] members = [.. cast.Chats[i].Select(member => world._users[member].Id)];
            var type = members.Length == 2 ? "1_to_1" : "group";
            var chat = await world._users[cast.Chats[i][0]].Api.CreateChatAsync(type, members);
            world._chats[i] = chat.Id;
        }
        Guid[] chats = [.. Enumerable.Range(0, cast.Chats.Count).Select(i => world._chats[i])];
        for (var i = 0; i < cast.People; i++)
        {
            var script = PersonScript.Of(seed, i, cast, traffic.ActsPerSecond);
            var person = new Person(world._users[i], i, chats, script, doors, world.Ledger);
            foreach (var chat in cast.ChatsOf(i))
                person.Track(chats[chat]);
            world._people.Add(person);
        }
        return world;
    }

    /// <summary>Everybody goes on with their script until told to stop.</summary>
    public Task TalkAsync(CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(_people.Select(person => Task.Run(() => person.RunAsync(stop, giveUp), CancellationToken.None)));

    /// <summary>One prober a chat, each as a member of it, who come in by these doors.</summary>
    public IReadOnlyList<Prober> Probers(int seed, Doors doors) =>
        [
            .. Enumerable
                .Range(0, Cast.Chats.Count)
                .Select(chat => new Prober(
                    _users[Cast.Chats[chat][^1]],
                    _chats[chat],
                    (seed * 31) + chat,
                    doors,
                    chat,
                    Ledger
                )),
        ];

    /// <summary>
    /// When nobody sends any more: waits until the assistant is done, everybody has everything and the read tables
    /// hold the journal, then checks all that was ever recorded. What does not come in time is a violation.
    /// </summary>
    public async Task<IReadOnlyList<Violation>> CheckAsync(TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        while (true)
        {
            var journal = Store.Journal();
            try
            {
                await Task.WhenAll(_people.Select((person, i) => person.SyncAsync(HeadsOf(journal, i), late.Token)));
            }
            catch (OperationCanceledException)
            {
                // What is missing shows in the views.
            }
            // The assistant may still write, and the tables may be behind.
            if (Checker.Check(Observe([])).All(violation => violation.Rule is not ("runs" or "tables" or "view")))
                break;
            if (late.IsCancellationRequested)
                break;
            await Task.Delay(500);
        }
        return Checker.Check(Observe(await _compareTables()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
            await person.DisposeAsync();
    }

    private Observations Observe(IReadOnlyList<string> differences) =>
        new(
            [
                .. _chats.Select(chat => new ObservedChat(
                    chat.Value,
                    [.. Cast.Chats[chat.Key].Select(member => _users[member].Id)]
                )),
            ],
            Ledger.Sends,
            Ledger.Changes,
            Ledger.Sightings,
            [.. _people.SelectMany(person => person.Views())],
            Store.Journal(),
            Store.Messages(),
            Store.Runs(),
            differences
        );

    private Dictionary<Guid, long> HeadsOf(IReadOnlyDictionary<Guid, IReadOnlyList<JournalRow>> journal, int person) =>
        Cast.ChatsOf(person)
            .Select(chat => _chats[chat])
            .ToDictionary(chat => chat, chat => new ChatFacts(chat, [.. EventsOf(journal, chat)]).Head);

    private static IEnumerable<Shared.Domain.Chats.IChatEvent> EventsOf(
        IReadOnlyDictionary<Guid, IReadOnlyList<JournalRow>> journal,
        Guid chat
    ) => journal.TryGetValue(chat, out var rows) ? rows.Select(row => row.Event) : [];
}
